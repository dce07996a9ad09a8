/** A step of calls in memory: files that ask, tools that wait, and an approval that the test gives. */
import * as z from 'zod/mini';
import { ConversationLog } from '../../../../src/core/record/conversationLog';
import type { ToolResultEntry } from '../../../../src/core/record/record';
import type { Reached } from '../../../../src/core/tools/consent';
import type { Tool } from '../../../../src/core/tools/tool';
import { ToolError, type ToolPorts, type Workspace } from '../../../../src/core/tools/workspace';
import { runTools } from '../../../../src/core/turn/toolStep';
import type { ChatEvent } from '../../../../src/shared/chat';
import { noPorts } from '../../tools/fakeLanguages';
import { PathMaker, toolUse } from '../prompt/paths';
import { type MemoryConsents, memoryApprovals } from './approvalsKit';
import { countingIds, ManualClock, MemoryStore } from './turnKit';

/** Files by their paths; what has a reason is not read without asking. */
const why: Readonly<Record<string, Reached['why']>> = {
  '.env': ['secret'],
  'dist/.env': ['ignored', 'secret'],
  'dist/a.js': ['ignored'],
  'dist/**': ['ignored'],
};

/** A workspace as the host's: it reads what it was allowed, and refuses the rest whatever a tool asks. */
export class Door {
  readonly read: string[] = [];

  workspace(allowed: readonly Reached[] = []): Workspace {
    const reach = async (paths: readonly string[]): Promise<readonly Reached[]> =>
      paths.flatMap((path) => (why[path] === undefined ? [] : [{ uri: `file:///w/${path}`, path, why: why[path] }]));
    return {
      reach,
      allowing: (reads: readonly Reached[]) => this.workspace(reads),
      readLines: async (path: string) => {
        const [place] = await reach([path]);
        const open = allowed.find(({ uri }) => uri === place?.uri);
        if (place?.why.some((one) => open?.why.includes(one) !== true)) {
          throw new ToolError(`${path} is not read.`);
        }
        this.read.push(path);
        return { lines: [`text of ${path}`] };
      },
    } as unknown as Workspace;
  }
}

const schema = z.strictObject({ path: z.string() });
type Input = z.infer<typeof schema>;

function wordsOf({ path }: Input): ReturnType<Tool['describe']> {
  return { asked: { text: `To read ${path}` }, running: { text: `Reading ${path}` }, done: { text: `Read ${path}` } };
}

/** Reads what it says, or something else. */
export function reader(also: readonly string[] = []): Tool {
  const tool: Tool<Input> = {
    name: 'read_file',
    description: 'Reads.',
    schema,
    readOnly: true,
    describe: wordsOf,
    reach: async ({ path }, { workspace }, signal) => (await workspace.reach?.([path], signal)) ?? [],
    run: async ({ path }, { workspace }, signal) => {
      const read = await workspace.readLines(path, 1, 1, 1000, signal);
      for (const other of also) await workspace.readLines(other, 1, 1, 1000, signal);
      return { content: read.lines.join(), summary: { text: '1 line' } };
    },
  };
  return tool as unknown as Tool;
}

/** Waits until it is let go; says what it is told to say meanwhile. */
export class Slow {
  readonly started: string[] = [];
  readonly finished = new Set<string>();
  readonly ports: ToolPorts[] = [];
  finish: (path: string) => void = () => undefined;
  private readonly open = new Map<string, () => void>();

  constructor(readonly changes: Partial<Tool> = {}) {
    this.finish = (path) => {
      this.finished.add(path);
      this.open.get(path)?.();
    };
  }

  get tool(): Tool {
    const tool: Tool<Input> = {
      name: 'slow',
      description: 'Waits.',
      schema,
      readOnly: true,
      describe: wordsOf,
      run: ({ path }, ports) => {
        this.started.push(path);
        this.ports.push(ports);
        return new Promise((resolve) => {
          this.open.set(path, () => resolve({ content: `text of ${path}`, summary: { text: '1 line' } }));
        });
      },
    };
    return { ...(tool as unknown as Tool), ...this.changes };
  }
}

interface StepOptions {
  readonly trusted?: boolean;
  readonly door?: Door;
}

export class Step {
  readonly events: ChatEvent[] = [];
  readonly clock = new ManualClock();
  readonly abort = new AbortController();
  readonly door: Door;
  readonly approvals;
  readonly log: ConversationLog;
  readonly logged: string[] = [];
  readonly done: Promise<void>;

  constructor(tools: readonly Tool[], calls: readonly (readonly [string, string])[], options: StepOptions = {}) {
    const content = calls.map(([name, path], index) => toolUse(`t${index}`, { path }, name));
    const entries = new PathMaker().user('Why?').assistant(content).entries;
    this.door = options.door ?? new Door();
    this.approvals = memoryApprovals({ trusted: options.trusted ?? true });
    this.log = new ConversationLog('c', entries, {
      store: new MemoryStore().port,
      clock: this.clock,
      ids: countingIds(),
    });
    const note = (message: string): void => {
      this.logged.push(message);
    };
    const step = runTools(
      {
        log: this.log,
        conversation: 'c',
        clock: this.clock,
        diagnostics: { info: note, warn: note, error: note },
        tools,
        ports: { workspace: this.door.workspace(), ...noPorts },
        approvals: this.approvals,
        answer: 'e1',
        entry: 'e2',
        content,
        broken: new Map(),
      },
      this.abort.signal,
    );
    this.done = (async () => {
      for await (const event of step) this.events.push(event);
    })();
  }

  get consents(): MemoryConsents {
    return this.approvals.consents;
  }

  result(index: number): ToolResultEntry | undefined {
    return this.log.path.find(
      (entry): entry is ToolResultEntry => entry.kind === 'toolResult' && entry.toolUseId === `t${index}`,
    );
  }

  told(index: number): readonly Extract<ChatEvent, { type: 'tool' }>[] {
    return this.events.filter(
      (event): event is Extract<ChatEvent, { type: 'tool' }> => event.type === 'tool' && event.key === `e2:${index}`,
    );
  }

  /** The words that its line ends with. */
  label(index: number): string | undefined {
    return this.told(index).at(-1)?.label.text;
  }

  statuses(index: number): readonly string[] {
    return this.told(index).map(({ status }) => status);
  }
}
