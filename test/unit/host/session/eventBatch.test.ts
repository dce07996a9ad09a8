import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { EventBatch } from '../../../../src/host/session/turns/eventBatch';
import type { ChatEvent, ChatState } from '../../../../src/shared/chat';
import { emptyChat } from '../../../../src/shared/chat';
import type { HostToView } from '../../../../src/shared/protocol';
import { reduce } from '../../../../src/shared/reduce';
import { composerState } from '../panel/panelParts';

const delta = (key: string, text: string): ChatEvent => ({ type: 'delta', answer: 'a', key, text });
const title = (text: string): ChatEvent => ({ type: 'title', title: text });

/** A batch whose frames pass when the test says so. */
function frames(): { batch: EventBatch; posted: HostToView[]; frame: () => void; waiting: () => boolean } {
  const posted: HostToView[] = [];
  let due: (() => void) | null = null;
  const batch = new EventBatch(
    (message) => posted.push(message),
    (callback) => {
      assert.equal(due, null, 'one frame at a time');
      due = callback;
      return () => {
        due = null;
      };
    },
  );
  const frame = (): void => {
    const callback = due;
    due = null;
    callback?.();
  };
  return { batch, posted, frame, waiting: () => due !== null };
}

function snapshot(seq: number, state: ChatState = emptyChat('c')): HostToView {
  return { type: 'snapshot', conversation: 'c', seq, state, composer: composerState, draft: '' };
}

function events(seq: number, ...list: ChatEvent[]): HostToView {
  return { type: 'events', conversation: 'c', seq, events: list };
}

describe('The batch of events on their way to a view', () => {
  it('posts once a frame and joins the deltas of one part (L18)', () => {
    const { batch, posted, frame } = frames();
    batch.add(snapshot(7));
    batch.add(events(8, delta('1', 'Hel')));
    batch.add(events(9, delta('1', 'lo'), delta('2', 'x')));
    batch.add(events(11, delta('2', 'y'), delta('1', '!')));
    assert.equal(posted.length, 1, 'nothing but the snapshot before the frame');
    frame();
    assert.deepEqual(posted.slice(1), [events(8, delta('1', 'Hello'), delta('2', 'xy'), delta('1', '!'))]);
  });

  it('waits for four frames behind a post of more text than anyone reads in one, and for one again behind a small one', () => {
    const waits: number[] = [];
    let due = (): void => undefined;
    const batch = new EventBatch(
      () => undefined,
      (callback, ms) => {
        waits.push(ms);
        due = callback;
        return () => undefined;
      },
    );
    batch.add(snapshot(0));
    for (const [n, length] of [10, 5000, 10, 10].entries()) {
      batch.add(events(n + 1, delta('1', 'x'.repeat(length))));
      due();
    }
    assert.deepEqual(waits, [16, 16, 64, 16]);
  });

  it('waits for a frame only while there is something to post: it is pushed, and looks at nothing from time to time (L21)', () => {
    const { batch, posted, frame, waiting } = frames();
    batch.add(snapshot(0));
    assert.equal(waiting(), false, 'a snapshot goes at once');
    for (let n = 1; n <= 3; n += 1) {
      batch.add(events(n, delta('1', 'a')));
      assert.equal(waiting(), true, 'the first that comes is due with the next frame');
      frame();
      assert.equal(posted.length, 1 + n);
      assert.equal(waiting(), false, 'and then nothing runs until the next comes');
    }
  });

  it('numbers what it posts without gaps though deltas were joined', () => {
    const { batch, posted, frame } = frames();
    batch.add(snapshot(0));
    batch.add(events(1, delta('1', 'a'), delta('1', 'b'), delta('1', 'c')));
    frame();
    batch.add(events(4, title('T')));
    frame();
    assert.deepEqual(posted.slice(1), [events(1, delta('1', 'abc')), events(2, title('T'))]);
  });

  it('passes a gap of the controller on as a gap', () => {
    const { batch, posted, frame } = frames();
    batch.add(snapshot(0));
    batch.add(events(1, title('one')));
    batch.add(events(5, title('five')));
    frame();
    assert.deepEqual(posted.slice(1), [events(1, title('one')), events(3, title('five'))]);
  });

  it('drops what a snapshot already contains, and goes on from its number', () => {
    const { batch, posted, frame, waiting } = frames();
    batch.add(snapshot(0));
    batch.add(events(1, title('one')));
    batch.add(snapshot(1));
    assert.equal(waiting(), false);
    batch.add(events(2, title('two')));
    frame();
    assert.deepEqual(posted, [snapshot(0), snapshot(1), events(2, title('two'))]);
  });

  it('keeps the order of events and of other messages', () => {
    const { batch, posted, waiting } = frames();
    const draft: HostToView = { type: 'setDraft', conversation: 'c', text: 'again' };
    batch.add(snapshot(0));
    batch.add(events(1, title('one')));
    batch.add(draft);
    assert.deepEqual(posted.slice(1), [events(1, title('one')), draft]);
    assert.equal(waiting(), false, 'no empty frame is left behind');
  });

  it('posts nothing after it was cleared, and nothing of a conversation without a snapshot', () => {
    const { batch, posted, frame } = frames();
    batch.add(snapshot(0));
    batch.add(events(1, title('one')));
    batch.clear();
    frame();
    batch.add(events(2, title('two')));
    frame();
    assert.deepEqual(posted, [snapshot(0)]);
  });

  it('leads the view to the same state as the controller, however events and frames fall', () => {
    const part: ChatEvent = {
      type: 'partStarted',
      answer: 'a',
      part: { type: 'text', key: '1', text: '', open: true },
    };
    const start: ChatEvent[] = [{ type: 'answerStarted', id: 'a', at: 1, model: 'm' }, part];
    const step = fc.oneof(
      fc.record({ kind: fc.constant('delta' as const), text: fc.string() }),
      fc.record({ kind: fc.constant('title' as const), text: fc.string() }),
      fc.record({ kind: fc.constant('frame' as const), text: fc.constant('') }),
      fc.record({ kind: fc.constant('snapshot' as const), text: fc.constant('') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { batch, posted, frame } = frames();
        let host = start.reduce(reduce, emptyChat('c'));
        let seq = 2;
        batch.add(snapshot(seq, host));
        for (const { kind, text } of steps) {
          if (kind === 'frame') frame();
          else if (kind === 'snapshot') batch.add(snapshot(seq, host));
          else {
            const event = kind === 'delta' ? delta('1', text) : title(text);
            host = reduce(host, event);
            seq += 1;
            batch.add(events(seq, event));
          }
        }
        batch.flush();

        let view = emptyChat('c');
        let next = 0;
        for (const message of posted) {
          if (message.type === 'snapshot') {
            view = message.state;
            next = message.seq + 1;
          } else if (message.type === 'events') {
            assert.equal(message.seq, next, 'no gap');
            next += message.events.length;
            view = message.events.reduce(reduce, view);
          }
        }
        assert.deepEqual(view, host);
      }),
    );
  });
});
