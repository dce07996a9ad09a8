/** Files that are changed in a real VS Code: how tests write and read them, and what the user is looking at meanwhile. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { reply } from '../fakeClaude/script';
import { blocksOf, type RequestBody, textOf } from '../fakeClaude/wire';
import { type ChatHost, eventually } from './chatHost';

/** One line becomes two, and the rest stays: a name, the bytes before, the bytes after. */
export const textKinds: readonly (readonly [name: string, before: Buffer, after: Buffer])[] = [
  ['lf', Buffer.from('one\ntwo\nthree\n'), Buffer.from('one\n2\n2b\nthree\n')],
  ['crlf', Buffer.from('one\r\ntwo\r\nthree\r\n'), Buffer.from('one\r\n2\r\n2b\r\nthree\r\n')],
  ['mixed', Buffer.from('one\r\ntwo\nthree\r\n'), Buffer.from('one\r\n2\n2b\nthree\r\n')],
  ['open-end', Buffer.from('one\ntwo'), Buffer.from('one\n2\n2b')],
  ['bom', Buffer.from('\ufeffone\ntwo\n'), Buffer.from('\ufeffone\n2\n2b\n')],
  ['wide', Buffer.from('\ufeffone\ntwo\n', 'utf16le'), Buffer.from('\ufeffone\n2\n2b\n', 'utf16le')],
];

/** The same in Latin-1, which is read as such where `files.encoding` says so. */
export const latin = [Buffer.from('caf\xe9\ntwo\n', 'latin1'), Buffer.from('caf\xe9\n2\n2b\n', 'latin1')] as const;

/** A call of a tool, as a step of an answer has it. */
export type Call = readonly [name: string, input: unknown];

/** An edit of one text. */
export function replace(path: string, oldText: string, newText: string): Call {
  return ['edit_file', { path, edits: [{ old_text: oldText, new_text: newText }] }];
}

/** A loaded document. */
interface Shown {
  readonly text: string;
  readonly dirty: boolean;
}

/** The files of a host's workspace, and its window. */
export class EditDesk {
  #asked = 0;

  constructor(private readonly host: ChatHost) {}

  at(path: string): string {
    return join(this.host.folder, path);
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content);
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  bytes(path: string): Buffer {
    return readFileSync(this.at(path));
  }

  /** Writes a user setting; undefined removes it. */
  set(section: string, name: string, value: unknown): Promise<void> {
    return this.host.session.evaluate(
      async (vscode, [one, key, to]) => {
        const settings = vscode.workspace.getConfiguration(one as string);
        await settings.update(key as string, to ?? undefined, vscode.ConfigurationTarget.Global);
      },
      [section, name, value ?? null] as const,
    );
  }

  /** What the user looks at: tabs, the active editor, its cursor. */
  look(): Promise<unknown> {
    return this.host.session.evaluate(async (vscode) => {
      const editor = vscode.window.activeTextEditor;
      return {
        tabs: vscode.window.tabGroups.all.map(({ tabs }) => tabs.map(({ label, isActive }) => [label, isActive])),
        active: editor?.document.uri.path,
        cursor: [editor?.selection.active.line, editor?.selection.active.character],
      };
    });
  }

  /** The names of the tabs; the active one is first. */
  tabs(): Promise<readonly string[]> {
    return this.host.session.evaluate((vscode) =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .toSorted((a, b) => Number(b.isActive) - Number(a.isActive))
        .map(({ label }) => label),
    );
  }

  /** The text and whether it is unsaved, of a loaded document. */
  shown(path: string): Promise<Shown | null> {
    return this.host.session.evaluate((vscode, file) => {
      const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file);
      return document === undefined ? null : { text: document.getText(), dirty: document.isDirty };
    }, this.at(path));
  }

  /** Opens them in tabs, and puts the user into another one. */
  async openBehind(...paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.host.open(path);
    await this.host.open('first.txt');
  }

  /** Inserts text at the beginning of a line, as a user's change that is not saved. */
  type(path: string, line: number, text: string): Promise<void> {
    return this.host.session.evaluate(
      async (vscode, [file, to, what]) => {
        const change = new vscode.WorkspaceEdit();
        change.insert(vscode.Uri.file(file), new vscode.Position(to, 0), what);
        await vscode.workspace.applyEdit(change);
      },
      [this.at(path), line, text] as const,
    );
  }

  /** Asks for edits in one step; the answer ends with these words. */
  async askFor(calls: readonly Call[], end: string): Promise<void> {
    const step = calls.reduce(
      (all, [name, input], at) => all.toolUse(name, input, `toolu_${end}_${at}`),
      reply.text('I do.'),
    );
    this.host.fake.enqueue(step, reply.text(end));
    await this.host.send(`Change it: ${end}`);
  }

  /** The card that waits. */
  async card(): Promise<Locator> {
    const card = (await this.host.frame()).locator('.editCard');
    await card.first().waitFor();
    return card;
  }

  /** What the last turn changed. */
  async end(): Promise<Locator> {
    const end = (await this.host.frame()).locator('.editsEnd').last();
    await end.waitFor();
    return end;
  }

  /** Chooses in the composer that edits are reviewed at the turn's end. */
  async reviewAtEnd(): Promise<void> {
    const panel = await this.host.frame();
    await panel.locator('[data-picker="review"]').click();
    await panel.locator('.reviewPicker [data-value="atEnd"]').click();
    await panel.locator('.reviewPicker').waitFor({ state: 'detached' });
  }

  /** Rejects the first card, and waits until it is gone. */
  async reject(): Promise<void> {
    const first = (await this.card()).first();
    const card = (await this.host.frame()).locator(`[data-approval="${await first.getAttribute('data-approval')}"]`);
    await card.locator('[data-do="deny"]').click();
    await card.locator('[data-do="denyNow"]').click();
    await card.waitFor({ state: 'detached' });
  }

  /** What the model is given back for calls of one step, none of which asks. */
  async results(calls: readonly Call[]): Promise<readonly string[]> {
    this.#asked += 1;
    const end = `Results-${this.#asked}.`;
    await this.askFor(calls, end);
    await this.done(end);
    return this.resultsIn(this.host.fake.messages.at(-1)?.body)
      .slice(-calls.length)
      .map(({ text }) => text);
  }

  /** The results of tools that a request carries. */
  resultsIn(body: unknown): readonly { readonly text: string; readonly failed: boolean }[] {
    const { messages = [] } = (body ?? {}) as Partial<Pick<RequestBody, 'messages'>>;
    return messages
      .flatMap(({ content }) => blocksOf(content))
      .filter(({ type }) => type === 'tool_result')
      .map(({ content, is_error: failed }) => ({ text: textOf(content), failed: failed === true }));
  }

  /** Waits until the answer ends with these words. */
  async done(end: string): Promise<void> {
    const panel = await this.host.frame();
    await panel.locator('.answer.last .markdown', { hasText: end }).waitFor();
    await this.host.idle();
  }

  /** Presses Tab until what has the focus in the panel does this. */
  async tabTo(action: string, most = 15): Promise<void> {
    for (let presses = 0; presses < most; presses += 1) {
      if ((await this.focused()).split(' ').includes(`do:${action}`)) return;
      await this.host.session.page.keyboard.press('Tab');
    }
    assert.fail(`${action} is not reached; the focus is on ${await this.focused()}`);
  }

  /** What has the focus in the panel: its classes, and what a press does; '' where the panel has none. */
  async focused(): Promise<string> {
    return (await this.host.frame()).evaluate(() => {
      const { activeElement } = document;
      if (!document.hasFocus() || activeElement === null) return '';
      const { do: does, picker } = (activeElement as HTMLElement).dataset;
      return `${activeElement.className} do:${does ?? picker ?? ''}`;
    });
  }

  /** Waits until this has the focus in the panel: words of `focused`. */
  focusIs(words: string, ms?: number): Promise<void> {
    return eventually(async () => {
      const focused = await this.focused();
      assert.ok(focused.split(' ').includes(words), `${words} is wanted, ${focused || 'nothing'} has the focus`);
    }, ms);
  }

  /** Goes to what is to be reviewed by its key, which VS Code takes once it has been told that the chat has the focus. */
  toReview(words: 'editCard' | 'editsEnd'): Promise<void> {
    return eventually(async () => {
      await this.host.session.page.keyboard.press('F8');
      await this.focusIs(words, 2_000);
    });
  }

  /** Keeps a picture of the window where PRELUDE_PICTURES names a folder. */
  async picture(name: string): Promise<void> {
    const folder = process.env['PRELUDE_PICTURES'];
    if (folder !== undefined) await this.host.session.page.screenshot({ path: join(folder, `edits-${name}.png`) });
  }
}
