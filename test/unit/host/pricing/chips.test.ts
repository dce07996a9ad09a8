import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Memo } from '../../../../src/core/base/memo';
import { chipsOf } from '../../../../src/host/pricing/chips';
import type { IntentAt } from '../../../../src/shared/intents';
import type { Chip } from '../../../../src/shared/protocol';
import { type FakeClaude, startFakeClaude } from '../../../fakeClaude/server';
import { settled } from '../../../fakeClaude/windowClock';
import { blocksOf, type RequestBody, textOf } from '../../../fakeClaude/wire';
import { memoryFolder, startLocalWorker } from '../../../fuzz/localStore';
import { type Chat, closeChat, FakeEditors, FakeView, openChat } from '../../core/kit';

/** What the chips say goes along, each once. */
function promised(chips: readonly Chip[]): readonly string[] {
  const list = chips.flatMap((chip): readonly string[] => {
    if (chip.kind === 'openFiles') {
      return chip.on
        ? chip.files.filter((file) => file.included && file.named !== true).map((file) => `file ${file.path}`)
        : [];
    }
    if (chip.kind === 'absent') return [];
    if (!chip.included) return [];
    return [chip.kind === 'selection' ? `selection ${chip.label}` : `${chip.kind} ${chip.path}`];
  });
  return list.toSorted();
}

const element = /<(file|(?:project|user)_instructions|selection|diff|closed)\s+([^>]*?)\/?>/g;

/** What the model has in front of it after reading the request: each thing once, whatever was told before. */
function known(body: RequestBody): readonly string[] {
  const things = new Map<string, string>();
  const news = body.messages.flatMap(({ content }) => textOf(content).match(/<news>[\s\S]*?<\/news>/g) ?? []);
  // The instructions of Prelude itself speak of the elements.
  const context = blocksOf(body.system)
    .slice(1)
    .map((block) => block.text ?? '');
  for (const [, tag = '', attributes = ''] of [...context, ...news].join('\n').matchAll(element)) {
    const path = /path="([^"]*)"/.exec(attributes)?.[1] ?? '';
    const lines = /lines="(\d+)-(\d+)"/.exec(attributes);
    if (tag === 'closed') things.delete(path);
    else if (tag === 'selection') {
      things.delete('selection');
      const [, from, to] = lines ?? [];
      if (lines !== null) things.set('selection', `selection ${path}:${from === to ? from : `${from}-${to}`}`);
    } else if (tag !== 'diff') things.set(path, `${tag === 'file' ? 'file' : 'instructions'} ${path}`);
  }
  return [...things.values()].toSorted();
}

const files = ['a.ts', 'b.ts', 'c.ts'];
const projects = ['CLAUDE.md', 'docs/style.md', 'AGENTS.md'];
const any = [...files, ...projects];

type Act =
  | { readonly do: 'tabs'; readonly open: readonly string[]; readonly active: number }
  | { readonly do: 'edit'; readonly path: string; readonly text: string }
  | { readonly do: 'instructions'; readonly project: readonly string[] }
  | { readonly do: 'own'; readonly text: string }
  | { readonly do: 'select'; readonly path: string; readonly lines: readonly [number, number] | null }
  | { readonly do: 'removeChip' | 'bringBack'; readonly which: number }
  | { readonly do: 'tick'; readonly which: number; readonly included: boolean }
  | { readonly do: 'eye'; readonly only: boolean }
  | { readonly do: 'addFile'; readonly path: string }
  | { readonly do: 'send' | 'reload' };

const which = fc.nat({ max: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('tabs' as const), open: fc.subarray(any), active: fc.nat({ max: 4 }) }),
  fc.record({
    do: fc.constant('edit' as const),
    path: fc.constantFrom(...any),
    text: fc.constantFrom('1', '2\n3', 'x\ny\nz\n'),
  }),
  fc.record({ do: fc.constant('instructions' as const), project: fc.subarray(projects) }),
  fc.record({ do: fc.constant('own' as const), text: fc.constantFrom('Be kind.', 'Be kind.\nBe brief.', '') }),
  fc.record({
    do: fc.constant('select' as const),
    path: fc.constantFrom(...files),
    lines: fc.constantFrom([1, 1] as const, [1, 2] as const, null),
  }),
  fc.record({ do: fc.constantFrom('removeChip' as const, 'bringBack' as const), which }),
  fc.record({ do: fc.constant('tick' as const), which, included: fc.boolean() }),
  fc.record({ do: fc.constant('eye' as const), only: fc.boolean() }),
  fc.record({ do: fc.constant('addFile' as const), path: fc.constantFrom(...any) }),
  fc.constant({ do: 'send' } as const),
  fc.constant({ do: 'reload' } as const),
);

/** An intent, without the conversation that it is for. */
type Said =
  IntentAt<'chat'> extends infer I
    ? I extends { readonly conversation: string }
      ? Omit<I, 'conversation'>
      : never
    : never;

class Clicker {
  readonly editors = new FakeEditors();
  #chat!: Chat;
  #view!: FakeView;

  constructor(
    private readonly fake: FakeClaude,
    private readonly folder: string,
  ) {
    for (const path of any) this.editors.files.set(path, `${path}\ntwo\nthree\n`);
    this.editors.open = ['a.ts'];
    this.editors.active = 'a.ts';
  }

  async open(): Promise<void> {
    const { fake, folder, editors } = this;
    this.#chat = await openChat({ url: fake.url, folder, editors, fetch: fake.fetch, startWorker: startLocalWorker });
    this.#view = new FakeView(await this.#chat.conversations.current());
    await this.#settle();
  }

  close(): Promise<void> {
    return closeChat(this.#chat);
  }

  chip(kind: Chip['kind']): Chip | undefined {
    return this.#view.composer?.chips.find((chip) => chip.kind === kind);
  }

  async act(next: Act): Promise<void> {
    const { editors } = this;
    const chips = this.#view.composer?.chips ?? [];
    const single = chips.filter((chip) => chip.kind !== 'openFiles' && chip.kind !== 'absent');
    switch (next.do) {
      case 'tabs':
        editors.open = [...next.open];
        editors.active = next.open[next.active] ?? null;
        break;
      case 'edit':
        editors.files.set(next.path, next.text);
        break;
      case 'instructions':
        editors.project = [...next.project];
        break;
      case 'own':
        editors.own = next.text;
        break;
      case 'select':
        editors.selected = next.lines && { path: next.path, startLine: next.lines[0], endLine: next.lines[1] };
        break;
      case 'removeChip': {
        const chip = single.filter(({ included }) => included)[next.which];
        if (chip !== undefined) await this.say({ type: 'removeChip', id: chip.id });
        break;
      }
      case 'bringBack': {
        const chip = single.filter(({ included }) => !included)[next.which];
        if (chip !== undefined) await this.say({ type: 'includeFile', id: chip.id, included: true });
        break;
      }
      case 'tick': {
        const file = chips.flatMap((chip) => (chip.kind === 'openFiles' ? chip.files : []))[next.which];
        if (file !== undefined) await this.say({ type: 'includeFile', id: file.id, included: next.included });
        break;
      }
      case 'eye':
        await this.say({ type: 'onlyWhatIAdd', only: next.only });
        break;
      case 'addFile':
        await this.#view.controller.addFile(`file:///work/${next.path}`);
        break;
      case 'send':
        return this.send();
      case 'reload':
        await this.close();
        return this.open();
    }
    await this.#settle();
  }

  async say(intent: Said): Promise<void> {
    const { controller } = this.#view;
    controller.handle({ ...intent, conversation: controller.conversation } as IntentAt<'chat'>);
    await settled(6);
  }

  /** Sends, and holds what went against what the chips said. */
  async send(): Promise<void> {
    const before = promised(this.#view.composer?.chips ?? []);
    assert.equal(new Set(before).size, before.length, `a thing has two chips: ${before}`);
    const sent = this.fake.messages.length;
    await this.say({ type: 'send', text: 'Why?' });
    for (
      let rounds = 0;
      rounds < 3000 && (this.fake.messages.length === sent || this.#view.controller.isRunning);
      rounds += 1
    ) {
      await settled(1);
    }
    const body = this.fake.messages.at(-1)?.body;
    assert.equal(this.fake.messages.length, sent + 1);
    assert.deepEqual(body === undefined ? [] : known(body), before, 'the chips told something else than what went');
    await this.#settle();
  }

  async #settle(): Promise<void> {
    this.#chat.conversations.refreshComposers();
    await settled(10);
  }
}

async function withClicker(work: (clicker: Clicker) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(memoryFolder, 'prelude-chips-'));
  const fake = await startFakeClaude();
  const clicker = new Clicker(fake, folder);
  try {
    await clicker.open();
    await work(clicker);
    await clicker.close();
  } finally {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('The chips', () => {
  it('tell all that goes along, and nothing else, whatever is clicked', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 12 }), (acts) =>
        withClicker(async (clicker) => {
          for (const next of acts) await clicker.act(next);
          await clicker.send();
        }),
      ),
      { numRuns: 60 },
    );
  });

  it('keep a removed selection out until another one is made, and bring it back where it was', () =>
    withClicker(async (clicker) => {
      const included = (): boolean | undefined => {
        const chip = clicker.chip('selection');
        return chip?.kind === 'selection' ? chip.included : undefined;
      };
      await clicker.act({ do: 'select', path: 'a.ts', lines: [1, 2] });
      await clicker.act({ do: 'removeChip', which: 0 });
      assert.equal(included(), false);
      await clicker.act({ do: 'select', path: 'a.ts', lines: null });
      await clicker.act({ do: 'select', path: 'a.ts', lines: [1, 2] });
      assert.equal(included(), false, 'the cursor has been elsewhere');
      await clicker.act({ do: 'reload' });
      assert.equal(included(), false, 'after a reload');
      await clicker.act({ do: 'bringBack', which: 0 });
      assert.equal(included(), true);
      await clicker.act({ do: 'removeChip', which: 0 });
      await clicker.act({ do: 'select', path: 'b.ts', lines: [1, 1] });
      assert.equal(included(), true, 'another selection');
      await clicker.act({ do: 'select', path: 'a.ts', lines: [1, 2] });
      assert.equal(included(), true, 'the first one, made again');
    }));

  it('tell of what the instructions import and does not go along, whatever else goes', () => {
    const one = { label: 'a.md', reason: { text: 'ignored' }, active: false };
    const absent = [
      { ...one, uri: 'file:///a.md', imported: true as const },
      { ...one, uri: 'file:///b.ts' },
    ];
    const context = { project: [], files: [], selection: null, absent };
    const rates = { factor: 1, memo: new Memo(), seenUsd: null, newUsd: null };
    const told = (automatic: boolean) =>
      chipsOf({ context, added: [], takenOut: [], removed: new Set(), seen: null, held: [], automatic }, rates).flatMap(
        (chip) => (chip.kind === 'openFiles' ? (chip.absent ?? []).map(({ id }) => id) : []),
      );
    assert.deepEqual(told(false), ['absent:file:///a.md']);
    assert.deepEqual(told(true), ['absent:file:///a.md', 'absent:file:///b.ts']);
  });

  it('keep the user’s own instructions out once their chip is removed', () =>
    withClicker(async (clicker) => {
      await clicker.act({ do: 'own', text: 'Be kind.' });
      await clicker.send();
      await clicker.act({ do: 'removeChip', which: 0 });
      await clicker.send();
    }));

  it('tell of instructions that appear, change and go in mid-conversation (L76)', () =>
    withClicker(async (clicker) => {
      await clicker.send();
      await clicker.act({ do: 'instructions', project: ['CLAUDE.md'] });
      await clicker.send();
      await clicker.act({ do: 'edit', path: 'CLAUDE.md', text: 'Use tabs.\n' });
      await clicker.send();
      await clicker.act({ do: 'eye', only: true });
      await clicker.send();
      await clicker.act({ do: 'removeChip', which: 0 });
      await clicker.send();
      await clicker.act({ do: 'bringBack', which: 0 });
      await clicker.send();
    }));
});
