/** Puts lines of shell code into VS Code's terminals. It never presses Enter. */
import * as vscode from 'vscode';
import { type ShellLine, shellLine } from '../../shared/terminal/shellLine';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';

/** A shell that is slower gets the line while it starts. */
const shellStartMs = 3000;

const whyNot: Readonly<Record<Exclude<ShellLine['kind'], 'line'>, () => ReturnType<typeof refusals.longLine>>> = {
  empty: refusals.nothingToInsert,
  lines: refusals.severalLines,
  hidden: refusals.hiddenCharacters,
  long: refusals.longLine,
};

/** Knows which terminals run a command: what is typed there would go to that. */
export class Terminals {
  readonly #running = new Map<vscode.Terminal, vscode.TerminalShellExecution>();
  #own: vscode.Terminal | null = null;
  readonly #subscriptions = [
    vscode.window.onDidStartTerminalShellExecution(({ terminal, execution }) => {
      this.#running.set(terminal, execution);
    }),
    vscode.window.onDidEndTerminalShellExecution(({ terminal, execution }) => {
      if (this.#running.get(terminal) === execution) this.#running.delete(terminal);
    }),
    vscode.window.onDidCloseTerminal((terminal) => {
      this.#running.delete(terminal);
      if (this.#own === terminal) this.#own = null;
    }),
  ];

  /** Writes the line of a code block at a prompt, and shows it there. Refused with a reason when it would run. */
  async insert(code: string): Promise<void> {
    const judged = shellLine(code);
    if (judged.kind !== 'line') throw refused(whyNot[judged.kind]());
    const terminal = this.#free() ?? (await this.#create());
    terminal.show();
    terminal.sendText(judged.line, false);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
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
