import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { type AgentMessage, lineReader, type SuiteMessage } from './wire';

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Connected {
  readonly socket: Socket;
  readonly pid: number;
  /** Counts the agents that have connected: a reload or a restart of the extension host brings a new one. */
  readonly generation: number;
}

/** The suite's end of the line to the agent: outlives extension hosts and windows, each of which brings its own agent. */
export class AgentLink {
  readonly #token = randomUUID();
  readonly #server: Server;
  readonly #pending = new Map<number, Pending>();
  readonly #waiting = new Set<() => void>();
  readonly #onLog: (text: string) => void;
  #agent: Connected | undefined;
  #generation = 0;
  #lastId = 0;

  private constructor(onLog: (text: string) => void) {
    this.#onLog = onLog;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(onLog: (text: string) => void): Promise<AgentLink> {
    const link = new AgentLink(onLog);
    await new Promise<void>((resolve, reject) => {
      link.#server.once('error', reject);
      link.#server.listen(0, '127.0.0.1', resolve);
    });
    return link;
  }

  /** The variables by which an agent finds its way here. */
  get env(): Record<string, string> {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('The line to the agent is closed.');
    return { PRELUDE_AGENT_PORT: String(address.port), PRELUDE_AGENT_TOKEN: this.#token };
  }

  get pid(): number | undefined {
    return this.#agent?.pid;
  }

  get generation(): number {
    return this.#generation;
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const read = lineReader((value) => this.#receive(socket, value as AgentMessage));
    socket.on('data', read);
    socket.on('close', () => {
      if (this.#agent?.socket !== socket) return;
      this.#agent = undefined;
      this.#failPending();
    });
  }

  #failPending(): void {
    for (const { reject } of this.#pending.values()) {
      reject(new Error('The extension host went away while it was evaluating.'));
    }
    this.#pending.clear();
  }

  #receive(socket: Socket, message: AgentMessage): void {
    if (message.type === 'hello') {
      if (message.token !== this.#token) {
        socket.destroy();
        return;
      }
      this.#failPending();
      this.#generation += 1;
      this.#agent = { socket, pid: message.pid, generation: this.#generation };
      for (const wake of this.#waiting) wake();
      return;
    }
    if (this.#agent?.socket !== socket) return;
    if (message.type === 'log') {
      this.#onLog(`[${message.level}] ${message.text}\n`);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'result') {
      pending?.resolve(message.value);
      return;
    }
    const error = new Error(message.message);
    if (message.stack) error.stack = `${message.stack}\n    (in the extension host)`;
    pending?.reject(error);
  }

  /** Resolves to true when an agent later than the given generation is there, to false when time is up. */
  async waitForAgent(after: number, milliseconds: number): Promise<boolean> {
    const isThere = (): boolean => this.#agent !== undefined && this.#agent.generation > after;
    if (isThere()) return true;
    return new Promise((resolve) => {
      const finish = (found: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      const check = (): void => {
        if (isThere()) finish(true);
      };
      const timer = setTimeout(() => finish(false), milliseconds);
      this.#waiting.add(check);
    });
  }

  /** Runs a function's source in the extension host. */
  async evaluate(source: string, argument: unknown): Promise<unknown> {
    const agent = this.#agent;
    if (!agent) throw new Error('No extension host is connected.');
    this.#lastId += 1;
    const id = this.#lastId;
    const result = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#send(agent.socket, { type: 'evaluate', id, source, argument });
    return result;
  }

  #send(socket: Socket, message: SuiteMessage): void {
    socket.write(`${JSON.stringify(message)}\n`);
  }

  /** Tells the agent to end its run, which ends VS Code. */
  stopAgent(): void {
    if (this.#agent) this.#send(this.#agent.socket, { type: 'stop' });
  }

  close(): void {
    this.#agent?.socket.destroy();
    this.#server.close();
  }
}
