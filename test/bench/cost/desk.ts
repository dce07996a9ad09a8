/** The workspace and the editors as a trace moves them. */
import { estimateTokens } from '../../../src/core/models/tokens';
import { chooseFiles, orderOpenFiles } from '../../../src/host/workspace/chooseFiles';
import { maxOpenFiles, maxOpenTokens } from '../../../src/host/workspace/context';
import { FakeEditors } from '../../unit/core/kit';
import { textOf } from './texts';
import type { CallSpec, Trace, WorkspaceEvent } from './trace';

/** A line keeps its id as long as it stands in the file: an edit elsewhere moves it and leaves it what it is. */
export interface Line {
  readonly id: number;
  readonly text: string;
}

export interface OpenFile {
  readonly path: string;
  readonly lines: readonly Line[];
}

export interface Selected {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

export class Desk {
  /** The same as the controller's and the tools' ports see it. */
  readonly editors = new FakeEditors();
  readonly #files = new Map<string, readonly Line[]>();
  #tabs: string[] = [];
  /** The active one first. */
  #recent: string[] = [];
  #nextLine = 0;
  /** Texts without a seed get the next one, so that no two are alike. */
  #place = 0;
  #reads = 0;

  private constructor() {}

  static async of(trace: Trace): Promise<Desk> {
    const desk = new Desk();
    for (const [path, spec] of Object.entries(trace.files)) desk.#write(path, desk.text(spec));
    for (const path of trace.open.toReversed()) desk.#activate(path);
    await desk.#sync();
    return desk;
  }

  /** The text of a spec at this place of the trace. */
  text(spec: Parameters<typeof textOf>[0]): string {
    this.#place += 1;
    return textOf(spec, this.#place);
  }

  async apply(event: WorkspaceEvent): Promise<void> {
    switch (event.do) {
      case 'open':
        this.#activate(event.file);
        break;
      case 'close':
        this.#tabs = this.#tabs.filter((path) => path !== event.file);
        this.#recent = this.#recent.filter((path) => path !== event.file);
        if (this.editors.selected?.path === event.file) this.editors.selected = null;
        break;
      case 'edit':
        this.#edit(event);
        break;
      case 'select':
        this.#activate(event.file);
        this.editors.selected = { path: event.file, startLine: event.from, endLine: event.to };
        break;
      case 'deselect':
        this.editors.selected = null;
    }
    await this.#sync();
  }

  /** The files that go along by themselves now, in the port's order and within its limits. */
  openFiles(): readonly OpenFile[] {
    return this.editors.open.map((path) => ({ path, lines: this.#lines(path) }));
  }

  /** The one that the user looks at; null for none. */
  get active(): string | null {
    return this.#recent[0] ?? null;
  }

  fileNow(path: string): OpenFile {
    return { path, lines: this.#lines(path) };
  }

  selection(): Selected | null {
    const { selected } = this.editors;
    if (selected === null) return null;
    return { ...selected, text: this.#cut(selected.path, selected.startLine, selected.endLine) };
  }

  /** A call's tool and input; what it reads is there from now on. */
  call(spec: CallSpec): { readonly name: string; readonly input: Readonly<Record<string, unknown>> } {
    if ('readFile' in spec) {
      const { readFile: path, from, to } = spec;
      const range = {
        ...(from === undefined ? {} : { start_line: from }),
        ...(to === undefined ? {} : { end_line: to }),
      };
      return { name: 'read_file', input: { path, ...range } };
    }
    this.#reads += 1;
    const path = `lib/part${this.#reads}.ts`;
    this.editors.files.set(path, this.text(spec.read));
    return { name: 'read_file', input: { path } };
  }

  #write(path: string, text: string): void {
    this.#files.set(
      path,
      text.split('\n').map((line) => this.#line(line)),
    );
  }

  #line(text: string): Line {
    this.#nextLine += 1;
    return { id: this.#nextLine, text };
  }

  #edit({ file, line, remove, insert }: Extract<WorkspaceEvent, { do: 'edit' }>): void {
    const lines = this.#lines(file);
    const out = lines.slice(line - 1, line - 1 + remove);
    const into = insert === null ? [] : this.text(insert).split('\n');
    // A line that is written as it was is the same line.
    const kept = into.map((text, at) => (out[at]?.text === text ? out[at] : this.#line(text)));
    this.#files.set(file, lines.toSpliced(line - 1, remove, ...kept));
    if (this.#tabs.includes(file)) this.#activate(file);
  }

  #activate(path: string): void {
    this.#lines(path);
    if (!this.#tabs.includes(path)) this.#tabs.push(path);
    this.#recent = [path, ...this.#recent.filter((other) => other !== path)];
  }

  #lines(path: string): readonly Line[] {
    const lines = this.#files.get(path);
    if (lines === undefined) throw new Error(`the trace has no file ${path}`);
    return lines;
  }

  #cut(path: string, from: number, to: number): string {
    return this.#lines(path)
      .slice(from - 1, to)
      .map(({ text }) => text)
      .join('\n');
  }

  async #sync(): Promise<void> {
    const { editors } = this;
    for (const [path, lines] of this.#files) editors.files.set(path, lines.map(({ text }) => text).join('\n'));
    const order = orderOpenFiles(this.#tabs, this.#recent[0] ?? null, this.#recent);
    const budget = { maxFiles: maxOpenFiles, maxTokens: maxOpenTokens, estimate: estimateTokens };
    const chosen = await chooseFiles(order, budget, async (path) => ({
      uri: path,
      path,
      text: editors.files.get(path) ?? '',
    }));
    editors.open = chosen.map(({ path }) => path);
    editors.active = this.#recent[0] ?? null;
  }
}
