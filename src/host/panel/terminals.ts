/** Puts lines of shell code into VS Code's terminals. It never presses Enter. */
import * as vscode from 'vscode';
import { OutputKeeper, type TerminalOutput } from '../../core/context/terminalOutput';
import { type ShellLine, shellLine } from '../../shared/terminal/shellLine';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';
import type { LeftOutput } from '../workspace/mentions/mentions';

/** A shell that is slower gets the line while it starts. */
const shellStartMs = 3000;

const whyNot: Readonly<Record<Exclude<ShellLine['kind'], 'line'>, () => ReturnType<typeof refusals.longLine>>> = {
  empty: refusals.nothingToInsert,
  lines: refusals.severalLines,
  hidden: refusals.hiddenCharacters,
  long: refusals.longLine,
};

/** Outputs that are kept: one that was offered may be chosen when another command has ended. */
const mostLeft = 3;

/** What a line that was inserted is waited for: it is run by the user. */
interface Inserted {
  readonly line: string;
  readonly conversation: string;
}

/** Knows which terminals run a command: what is typed there would go to that. */
export class Terminals {
  readonly #running = new Map<vscode.Terminal, vscode.TerminalShellExecution>();
  /** The last line that was put into each and is not run yet. */
  readonly #inserted = new Map<vscode.Terminal, Inserted>();
  /** What the commands write that run, bounded; `conversation` where one has put the line in. */
  readonly #outputs = new Map<
    vscode.TerminalShellExecution,
    { readonly conversation: string | null; readonly read: Promise<string> }
  >();
  /** The last ones, by an id. */
  #left: readonly LeftOutput[] = [];
  #count = 0;
  #own: vscode.Terminal | null = null;
  readonly #subscriptions = [
    vscode.window.onDidStartTerminalShellExecution(({ terminal, execution }) => {
      this.#running.set(terminal, execution);
      this.#started(terminal, execution);
    }),
    vscode.window.onDidEndTerminalShellExecution(({ terminal, execution, exitCode }) => {
      if (this.#running.get(terminal) === execution) this.#running.delete(terminal);
      this.#ended(execution, exitCode);
    }),
    vscode.window.onDidCloseTerminal((terminal) => {
      const execution = this.#running.get(terminal);
      // Of what still ran no end is told.
      if (execution !== undefined) this.#outputs.delete(execution);
      this.#running.delete(terminal);
      this.#inserted.delete(terminal);
      if (this.#own === terminal) this.#own = null;
    }),
  ];

  /** `ended` is told of each line that was put in here, run by the user, and is through. */
  constructor(private readonly ended: (conversation: string, output: TerminalOutput) => void) {}

  /**
   * Writes the line of a code block of a conversation at a prompt, and shows it there. Refused with a reason when it would
   * run.
   */
  async insert(code: string, conversation: string): Promise<void> {
    const judged = shellLine(code);
    if (judged.kind !== 'line') throw refused(whyNot[judged.kind]());
    const terminal = this.#free() ?? (await this.#create());
    terminal.show();
    terminal.sendText(judged.line, false);
    this.#inserted.set(terminal, { line: judged.line, conversation });
  }

  /** What the last commands that have finished wrote, the last first: kept here alone until one is asked for. */
  get left(): readonly LeftOutput[] {
    return this.#left;
  }

  dispose(): void {
    this.#left = [];
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** What is run there is ours while the line is in it; the user may have added to it. */
  #started(terminal: vscode.Terminal, execution: vscode.TerminalShellExecution): void {
    const inserted = this.#inserted.get(terminal);
    const command = execution.commandLine.value.trim();
    // Return at an empty prompt runs nothing, and the line may still be on its way.
    if (command !== '') this.#inserted.delete(terminal);
    const isOurs = inserted !== undefined && command.includes(inserted.line);
    // Only from its start on it is whole: nobody tells later what was written.
    const read = readAll(execution.read());
    // What cannot be read is not offered, and found out at the end.
    read.catch(() => undefined);
    this.#outputs.set(execution, { conversation: isOurs ? inserted.conversation : null, read });
  }

  #ended(execution: vscode.TerminalShellExecution, exitCode: number | undefined): void {
    const output = this.#outputs.get(execution);
    this.#outputs.delete(execution);
    if (output === undefined) return;
    const command = execution.commandLine.value.trim();
    output.read.then(
      (raw) => {
        const left = { command, exitCode: exitCode ?? null, raw };
        this.#count += 1;
        if (command !== '') this.#left = [{ id: String(this.#count), output: left }, ...this.#left].slice(0, mostLeft);
        if (output.conversation !== null) this.ended(output.conversation, left);
      },
      () => undefined,
    );
  }

  /** The one in front when its shell is known to wait, else the one that was opened here. */
  #free(): vscode.Terminal | null {
    const waits = (terminal: vscode.Terminal): boolean =>
      terminal.shellIntegration !== undefined && terminal.exitStatus === undefined && !this.#running.has(terminal);
    const active = vscode.window.activeTerminal;
    if (active !== undefined && waits(active)) return active;
    return this.#own !== null && waits(this.#own) ? this.#own : null;
  }

  async #create(): Promise<vscode.Terminal> {
    const terminal = vscode.window.createTerminal();
    this.#own = terminal;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        for (const one of listening) one.dispose();
        resolve();
      };
      const timer = setTimeout(end, shellStartMs);
      const listening = [
        vscode.window.onDidChangeTerminalShellIntegration((changed) => {
          if (changed.terminal === terminal) end();
        }),
        vscode.window.onDidCloseTerminal((closed) => {
          if (closed === terminal) end();
        }),
      ];
    });
    return terminal;
  }
}

async function readAll(pieces: AsyncIterable<string>): Promise<string> {
  const kept = new OutputKeeper();
  for await (const piece of pieces) kept.add(piece);
  return kept.text;
}
