/** What a command wrote into a terminal, as text: without what only a terminal understands, and bounded. */

/** What a command has left. */
export interface TerminalOutput {
  /** As it was run. */
  readonly command: string;
  /** null where the shell did not say. */
  readonly exitCode: number | null;
  /** All that it wrote, with the sequences of the terminal. */
  readonly raw: string;
}

/** Characters of the text, at its beginning and at its end: what failed is said there. */
const head = 12_000;
const tail = 48_000;

/** Characters of a raw output that are kept while it comes, at its beginning and at its end. */
const rawHead = 50_000;
const rawTail = 200_000;

/** Keeps the beginning and the end of what a command writes, however much that is. */
export class OutputKeeper {
  #begin = '';
  #end = '';
  #cut = 0;

  add(data: string): void {
    const room = rawHead - this.#begin.length;
    this.#begin += data.slice(0, Math.max(0, room));
    this.#end += data.slice(Math.max(0, room));
    // Not with every piece: it is copied then.
    if (this.#end.length <= 2 * rawTail) return;
    this.#cut += this.#end.length - rawTail;
    this.#end = this.#end.slice(-rawTail);
  }

  get text(): string {
    return this.#cut === 0 ? this.#begin + this.#end : `${this.#begin}\n[…]\n${this.#end}`;
  }
}

/** The words that go along: the command, what it wrote, and how it ended. */
export function outputText({ command, exitCode, raw }: TerminalOutput): string {
  const text = plainOutput(raw).trimEnd();
  const ended = exitCode === null ? '' : `\n[exit code ${exitCode}]`;
  return `$ ${command}\n${bounded(text)}${ended}\n`;
}

/** The sequences of a terminal: titles, links and marks; moves, colours and erasing; all others. */
const sequences = [
  '\u001b[\\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\\\|$)?',
  '\u001b\\[[0-?]*[ -/]*[@-~]?',
  '\u001b[ -/]*[0-~]?',
];
const sequence = new RegExp(sequences.join('|'), 'g');

/** As it stands on the screen in the end: without colours and titles, with what was written over in its last form. */
export function plainOutput(raw: string): string {
  return raw.replace(sequence, '').replace(/\r+\n/g, '\n').split('\n').map(lastForm).join('\n');
}

/** A line of which something was written over, as a progress bar does: each character where it came to stand. */
function lastForm(line: string): string {
  if (!/[\r\b]/.test(line)) return visibleOf(line);
  const cells: string[] = [];
  let column = 0;
  for (const one of line) {
    if (one === '\r') column = 0;
    else if (one === '\b') column = Math.max(0, column - 1);
    else {
      cells[column] = one;
      column += 1;
    }
  }
  return visibleOf(cells.join(''));
}

function visibleOf(line: string): string {
  return line.replace(/(?!\t)\p{Cc}/gu, '').trimEnd();
}

function bounded(text: string): string {
  if (text.length <= head + tail) return text;
  const [first, last] = [text.slice(0, head), text.slice(-tail)];
  // Whole lines.
  const begin = first.slice(0, Math.max(first.lastIndexOf('\n'), 0)) || first;
  const end = last.slice(last.indexOf('\n') + 1);
  const lines = text.slice(begin.length, text.length - end.length).split('\n').length - 2;
  return `${begin.toWellFormed()}\n[${lines} lines left out]\n${end.toWellFormed()}`;
}
