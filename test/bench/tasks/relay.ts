/** A message relay in Go: one of the workspaces that the tasks are about. */
import { filler } from './filler';

const queue = `package queue

import (
	"errors"
	"sync"
)

// ErrFull says that a message was refused because the queue holds Capacity of them.
var ErrFull = errors.New("queue is full")

// Capacity is how many messages wait at most.
const Capacity = 1024

// Queue holds messages in the order in which they came.
type Queue struct {
	mu    sync.Mutex
	items []Message
	wake  chan struct{}
}

// Message is a body with the number of times that its delivery was tried.
type Message struct {
	ID    string
	Body  []byte
	Tries int
}

// Push adds a message, or says ErrFull.
func (q *Queue) Push(m Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) >= Capacity {
		return ErrFull
	}
	q.items = append(q.items, m)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// Pop takes the oldest message.
func (q *Queue) Pop() (Message, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return Message{}, false
	}
	m := q.items[0]
	q.items = q.items[1:]
	return m, true
}
`;

const handler = `package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"relay/internal/limiter"
	"relay/internal/queue"
)

// Handler takes messages in: POST /messages.
type Handler struct {
	Queue   *queue.Queue
	Limiter *limiter.Limiter
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.Limiter.Allow(r.Header.Get("X-Client")) {
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	var m queue.Message
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := h.Queue.Push(m); errors.Is(err, queue.ErrFull) {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
`;

const limiter = `package limiter

import (
	"sync"
	"time"
)

// PerMinute is how many requests a client may make within a minute.
const PerMinute = 600

// Limiter counts the requests of each client.
type Limiter struct {
	mu     sync.Mutex
	counts map[string]int
	since  time.Time
	Now    func() time.Time
}

// Allow counts a request. Clients without a name share one count.
func (l *Limiter) Allow(client string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Now().Sub(l.since) > time.Minute {
		l.counts, l.since = map[string]int{}, l.Now()
	}
	l.counts[client]++
	return l.counts[client] <= PerMinute
}
`;

const deliver = `package deliver

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"relay/internal/queue"
)

// MaxTries is how often a message is delivered before it goes to the dead letters.
const MaxTries = 7

// Worker takes messages off the queue and posts them to Target.
type Worker struct {
	Queue  *queue.Queue
	Target string
	Dead   func(queue.Message)
}

// Run delivers until the context ends.
func (w *Worker) Run(ctx context.Context) {
	for ctx.Err() == nil {
		m, ok := w.Queue.Pop()
		if !ok {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		response, err := http.Post(w.Target, "application/json", bytes.NewReader(m.Body))
		if err == nil && response.StatusCode < 300 {
			continue
		}
		m.Tries++
		if m.Tries >= MaxTries {
			w.Dead(m)
			continue
		}
		// A queue that is full loses the message here.
		_ = w.Queue.Push(m)
	}
}
`;

const main = `package main

import (
	"log"
	"net/http"
	"os"

	"relay/internal/limiter"
	"relay/internal/queue"
	"relay/internal/web"
)

func main() {
	address := os.Getenv("RELAY_ADDRESS")
	if address == "" {
		address = ":9090"
	}
	handler := &web.Handler{Queue: &queue.Queue{}, Limiter: &limiter.Limiter{}}
	log.Fatal(http.ListenAndServe(address, handler))
}
`;

const parts = ['metrics', 'storage', 'codec', 'admin', 'tracing'];

/** Paths and texts. */
export const relay: Readonly<Record<string, string>> = {
  'README.md': '# Relay\n\nTakes messages in and delivers them at least once.\n',
  '.gitignore': 'bin/\nvendor/\n',
  'go.mod': 'module relay\n\ngo 1.23\n',
  'cmd/relay/main.go': main,
  'internal/queue/queue.go': `${queue}\n${filler('go', 80, 20)}`,
  'internal/web/handler.go': `${handler}\n${filler('go', 81, 15)}`,
  'internal/limiter/limiter.go': `${limiter}\n${filler('go', 82, 25)}`,
  'internal/deliver/worker.go': `${deliver}\n${filler('go', 83, 30)}`,
  ...Object.fromEntries(
    parts.map((name, n) => [`internal/${name}/${name}.go`, `package ${name}\n\n${filler('go', 90 + n, 45)}`]),
  ),
  'vendor/limiter/limiter.go': `package limiter\n\nconst PerMinute = 60\n\n${filler('go', 99, 60)}`,
  'internal/queue/queue_test.go':
    'package queue\n\nimport "testing"\n\nfunc TestPushRefusesWhatIsTooMuch(t *testing.T) {\n\tq := &Queue{wake: make(chan struct{}, 1)}\n\tfor range Capacity {\n\t\t_ = q.Push(Message{})\n\t}\n\tif q.Push(Message{}) != ErrFull {\n\t\tt.Fatal("taken")\n\t}\n}\n',
};
