/** Code blocks of answers that are applied to files: asked about, made, told to the model, and found again after a crash. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ConversationLog } from '../../../../src/core/record/conversationLog';
import type { EditsEntry, Entry, FileEdit, NewEntry } from '../../../../src/core/record/record';
import type { PendingEdits, StoredConversation } from '../../../../src/core/record/store';
import { untoldEdits } from '../../../../src/core/record/undone';
import { carried } from '../../../../src/core/tools/edits/carry';
import { reviewHunks } from '../../../../src/core/tools/edits/hunks';
import { ToolError } from '../../../../src/core/tools/workspace';
import { Refused } from '../../../../src/host/base/refused';
import { BlockEdits } from '../../../../src/host/session/turns/blockEdits';
import { blockCall, healNoted } from '../../../../src/host/session/turns/healing';
import type { BlockEdit, WriteConcern } from '../../../../src/shared/approval';
import type { ChatEvent } from '../../../../src/shared/chat';
import { PathMaker, toolUse } from '../../core/prompt/paths';
import { MemoryEditing } from '../../core/tools/memoryEditing';

const before = 'function a() {\n  return one;\n}\n\nfunction b() {\n  return two;\n}\n';
const after = before.replace('two', 'three');
const block = 'function b() {\n  return three;\n}';

/** A conversation with one answer, over a map of files. */
class Desk {
  readonly files = new Map<string, string>([['src/a.ts', before]]);
  readonly pending: PendingEdits[] = [];
  why: readonly WriteConcern[] = [];
  active: string | null = null;
  chosen: string | undefined;
  mayStart = true;
  /** The record cannot be written. */
  isFull = false;
  path: Entry[] = [
    { kind: 'user', id: 'u', parent: null, at: 1, model: 'm', effort: null, content: [] } as unknown as Entry,
  ];
  cards: readonly BlockEdit[] = [];
  readonly editing = new MemoryEditing(this.files, { why: () => this.why });

  readonly blocks = new BlockEdits(
    'c',
    {
      ids: {
        next: () => {
          this.ids += 1;
          return `k${this.ids}`;
        },
      },
      log: { warn: () => undefined } as never,
      owner: 'me',
      tools: { edits: this.editing },
      blockFiles: {
        active: () => this.active,
        find: async (path) =>
          [...this.files.keys()].filter((one) => one === path || one.endsWith(`/${path}`)).slice(0, 2),
        choose: async () => this.chosen,
      },
      store: this.store,
    },
    this.turns as never,
    {
      emit: (events: readonly ChatEvent[]) => {
        for (const event of events) this.take(event);
      },
    },
  );

  private ids = 0;

  private take(event: ChatEvent): void {
    if (event.type === 'blocks') this.cards = event.blocks;
  }

  private get store() {
    return {
      fileVersion: async (digest: string) => Buffer.from(this.editing.kept.get(digest) ?? ''),
      putFileVersion: async (_: string, bytes: Uint8Array) => {
        const digest = createHash('sha256').update(bytes).digest('hex');
        this.editing.kept.set(digest, Buffer.from(bytes).toString());
        return digest;
      },
      notePendingEdits: async (_: string, one: PendingEdits) => void this.pending.push(one),
    };
  }

  private get turns() {
    const desk = this;
    return {
      get path() {
        return desk.path;
      },
      atWork: null,
      get mayStart() {
        return desk.mayStart;
      },
      isRunning: true,
      work: async (task: (work: never, signal: AbortSignal) => Promise<void>) => {
        const commit = async (news: readonly NewEntry[]): Promise<void> => {
          if (desk.isFull) throw new Error('full');
          desk.path = [...desk.path, ...news.map((one, at) => ({ ...one, id: `e${at}`, parent: 'u', at: 2 }) as Entry)];
        };
        await task({ commit } as never, new AbortController().signal);
      },
    };
  }

  begin(text: string, info = 'ts', above = '', answer = 'u'): Promise<string> {
    return this.blocks.handlers.applyBlock({ type: 'applyBlock', conversation: 'c', answer, text, info, above });
  }

  /** What a turn has done to `src/a.ts`. */
  says(turn: string, from: string, to: string): void {
    const [base, current] = [from, to].map((text) => {
      const digest = createHash('sha256').update(text).digest('hex');
      this.editing.kept.set(digest, text);
      return digest;
    });
    const file = { uri: 'file:///project/src/a.ts', path: 'src/a.ts', kind: 'edit', added: 1, removed: 1 };
    const news = { kind: 'edits', turn, files: [{ ...file, open: 1, undone: false, base, current }] };
    this.path = [...this.path, { ...news, id: turn, parent: 'u', at: 2 } as unknown as Entry];
  }

  answer(key: string, apply: boolean): Promise<void> {
    return this.blocks.handlers.answerBlock({ type: 'answerBlock', conversation: 'c', key, apply });
  }

  get last(): EditsEntry {
    const entry = this.path.at(-1);
    assert.equal(entry?.kind, 'edits');
    return entry as EditsEntry;
  }
}

describe('Code blocks that are applied to files', () => {
  it('change nothing before Apply; then they are an edit of their answer, and the model is told', async () => {
    const desk = new Desk();
    const key = await desk.begin(block, 'ts src/a.ts');
    assert.deepEqual(
      desk.cards.map(({ path, source, proposed }) => [path, source, proposed?.added, proposed?.removed]),
      [['src/a.ts', 'named', 1, 1]],
    );
    assert.equal(desk.blocks.textsOf(key)?.after ?? after, after);
    assert.equal(desk.files.get('src/a.ts'), before);
    assert.equal(await desk.begin(block, 'ts src/a.ts'), key, 'one card for one block');
    await desk.answer(key, true);
    assert.equal(desk.files.get('src/a.ts'), after);
    assert.deepEqual(desk.cards, []);
    const { turn, files, applied = [], call } = desk.last;
    assert.deepEqual([turn, files.length, files[0]?.open, call], ['u', 1, 1, blockCall('u', key)]);
    assert.match(applied[0]?.patch ?? '', /- {2}return two;\n\+ {2}return three;/);
    assert.deepEqual(untoldEdits(desk.path), [{ change: 'applied', ...applied[0] }]);
    await assert.rejects(desk.answer(key, true), Refused);
  });

  it('are applied one behind the other: the answer has all of them', async () => {
    const desk = new Desk();
    await desk.answer(await desk.begin(block, 'ts src/a.ts'), true);
    await desk.answer(await desk.begin('function a() {\n  return 1;\n}', 'ts src/a.ts'), true);
    await desk.answer(await desk.begin('// new.ts\nexport {};'), true);
    assert.deepEqual(
      desk.last.files.map(({ path, kind, added, removed, open }) => [path, kind, added, removed, open]),
      [
        ['src/a.ts', 'edit', 2, 2, 2],
        ['new.ts', 'create', 1, 0, 1],
      ],
    );
    assert.equal(desk.files.get('new.ts'), 'export {};\n');
    assert.equal(untoldEdits(desk.path).length, 3);
  });

  it('of an earlier answer decide no line that a later turn wrote over, but those that they write over themselves', async () => {
    for (const [written, left] of [
      [
        block,
        [
          ['-  return one;', '+  return TWO;', true],
          ['-  return two;', '+  return three;', false],
        ],
      ],
      ['function a() {\n  return 5;\n}', [['-  return TWO;', '+  return 5;', false]]],
    ] as const) {
      const desk = new Desk();
      const [own, theirs] = [before.replace('one', 'ONE'), before.replace('one', 'TWO')];
      desk.says('u', before, own);
      desk.says('v', own, theirs);
      desk.files.set('src/a.ts', theirs);
      await desk.answer(await desk.begin(written, 'ts src/a.ts'), true);
      const [file] = desk.last.files;
      const text = (digest: string | null = null): string => desk.editing.kept.get(digest ?? '') ?? '';
      const now = desk.files.get('src/a.ts') ?? '';
      const { base, overlaps } = carried(text(file?.base), text(file?.current), now);
      const shown = reviewHunks(base, now, overlaps).map(({ lines, changedSince = false }) => [
        ...lines.filter((line) => !line.startsWith(' ')),
        changedSince,
      ]);
      assert.deepEqual([shown, file?.open], [left, left.length]);
    }
  });

  it('are let be by Reject, and refused while an answer runs, or when the file has the code', async () => {
    const desk = new Desk();
    const key = await desk.begin(block, 'ts src/a.ts');
    desk.mayStart = false;
    await assert.rejects(desk.answer(key, true), Refused);
    assert.equal(desk.cards.length, 1, 'the card stays');
    await desk.answer(key, false);
    assert.deepEqual([desk.cards.length, desk.files.get('src/a.ts'), desk.path.length], [0, before, 1]);
    await assert.rejects(desk.begin(before, 'ts src/a.ts'), Refused);
    await assert.rejects(desk.begin(block, 'ts src/a.ts', '', 'nobody'), Refused);
    await assert.rejects(desk.begin(' \n', 'ts src/a.ts'), Refused);
  });

  it('find their file: named, mentioned, active, chosen; and another one on request', async () => {
    const desk = new Desk();
    const source = async (...given: readonly [info: string, above: string]): Promise<readonly unknown[]> => {
      await desk.begin(block, ...given);
      const { path, source: why } = desk.cards.at(-1) ?? {};
      return [path, why];
    };
    assert.deepEqual(await source('ts', 'In `a.ts`:'), ['src/a.ts', 'mentioned']);
    desk.files.set('lib/a.ts', 'function b() {\n  return two;\n}\n');
    desk.active = 'lib/a.ts';
    // Two have that name: it is none of them.
    assert.deepEqual(await source('ts', 'In `a.ts`:'), ['lib/a.ts', 'active']);
    desk.active = null;
    await assert.rejects(desk.begin(block, 'ts', ''), Refused);
    desk.chosen = 'src/a.ts';
    assert.deepEqual(await source('ts', ''), ['src/a.ts', 'chosen']);
    const key = await desk.begin(block, 'ts lib/a.ts');
    await desk.blocks.handlers.moveBlock({ type: 'moveBlock', conversation: 'c', key });
    assert.deepEqual([desk.cards.length, desk.cards[0]?.path], [1, 'src/a.ts']);
  });

  it('that have no certain place are not applied, whatever is asked', async () => {
    const desk = new Desk();
    const key = await desk.begin('other();\nthings();', 'ts src/a.ts');
    assert.deepEqual([desk.cards[0]?.proposed, desk.cards[0]?.text], [null, 'other();\nthings();']);
    await assert.rejects(desk.answer(key, true), Refused);
    assert.equal(desk.files.get('src/a.ts'), before);
  });

  it('are judged by the text at that moment: what changed elsewhere is kept, and lines that changed there are not overwritten', async () => {
    const desk = new Desk();
    const key = await desk.begin(block, 'ts src/a.ts');
    desk.files.set('src/a.ts', `// new\n${before}`);
    await desk.answer(key, true);
    assert.equal(desk.files.get('src/a.ts'), `// new\n${after}`);
    const second = await desk.begin('function a() {\n  return 5;\n}', 'ts src/a.ts');
    const theirs = after.replace('one', 'theirs');
    desk.files.set('src/a.ts', theirs);
    await assert.rejects(desk.answer(second, true), Refused);
    assert.equal(desk.files.get('src/a.ts'), theirs);
    const shown = desk.cards[0]?.proposed?.hunks.flatMap(({ lines }) => lines);
    assert.ok(shown?.includes('-  return theirs;'), 'it is shown anew');
    await desk.answer(second, true);
    assert.equal(desk.files.get('src/a.ts'), theirs.replace('theirs', '5'));
  });

  it('come into the file once, whatever becomes of the record and whoever else puts them in', async () => {
    const added = '\nfunction c() {\n  return four;\n}\n';
    const longer = `function b() {\n  return two;\n}\n${added}`;
    const failing = new Desk();
    const key = await failing.begin(longer, 'ts src/a.ts');
    failing.isFull = true;
    await assert.rejects(failing.answer(key, true), /full/);
    assert.equal(failing.files.get('src/a.ts'), before + added);
    failing.isFull = false;
    await assert.rejects(failing.answer(key, true), Refused);
    assert.equal(failing.files.get('src/a.ts'), before + added);
    assert.deepEqual(failing.pending, [], 'what is written stays noted');
    const desk = new Desk();
    const other = await desk.begin(longer, 'ts src/a.ts');
    desk.files.set('src/a.ts', before + added);
    await assert.rejects(desk.answer(other, true), Refused);
    assert.equal(desk.files.get('src/a.ts'), before + added);
  });

  it('that could not be written are not said to be', async () => {
    const desk = new Desk();
    const key = await desk.begin(block, 'ts src/a.ts');
    const { of } = desk.editing;
    desk.editing.of = (call) => ({
      ...of.call(desk.editing, call),
      apply: async () => {
        throw new ToolError('No.');
      },
    });
    await assert.rejects(desk.answer(key, true), Refused);
    assert.deepEqual(desk.pending.at(-1)?.edits, []);
  });

  it('of files that are not read without asking tell the model that they were changed, and no line', async () => {
    const desk = new Desk();
    desk.why = ['secret'];
    const key = await desk.begin(block, 'ts src/a.ts');
    assert.deepEqual(desk.cards[0]?.why, ['secret']);
    await desk.answer(key, true);
    assert.deepEqual(desk.last.applied, [{ path: 'src/a.ts', patch: '' }]);
  });

  it('ask again where writing has come to be more than it was', async () => {
    const desk = new Desk();
    const key = await desk.begin(block, 'ts src/a.ts');
    desk.why = ['yourLines'];
    await assert.rejects(desk.answer(key, true), Refused);
    assert.deepEqual([desk.cards[0]?.why, desk.files.get('src/a.ts')], [['yourLines'], before]);
    await desk.answer(key, true);
    assert.equal(desk.files.get('src/a.ts'), after);
  });

  it('and calls without a result that were written when the window was gone are edits of their answers, and others are forgotten', async () => {
    const edit = (uri: string): FileEdit => ({
      ...{ uri, path: uri, kind: 'edit', before: 'old', after: 'new', unsaved: false, added: 1, removed: 1 },
    });
    const desk = new Desk();
    const maker = new PathMaker()
      .user('First')
      .assistant([toolUse('toolu_1')])
      .end()
      .user('Second')
      .end();
    const [first = '', second = ''] = maker.entries.flatMap(({ kind, id }) => (kind === 'user' ? [id] : []));
    const path = [...desk.path, ...maker.entries];
    const appended: EditsEntry[] = [];
    const noted: PendingEdits[] = [];
    const log = new ConversationLog('c', path, {
      store: { append: async (_: string, news: readonly EditsEntry[]) => void appended.push(...news) } as never,
      clock: { now: () => 1 } as never,
      ids: { next: () => 'x' },
    });
    const stored = {
      path,
      pendingEdits: [
        { call: blockCall('u', 'k1'), edits: [edit('file:///written')] },
        { call: blockCall('u', 'k2'), edits: [edit('file:///not')] },
        { call: 'toolu_1', edits: [edit('file:///1/written'), edit('file:///1/not')] },
        { call: 'toolu_of_a_branch', edits: [edit('file:///2/written')] },
      ],
    } as unknown as StoredConversation;
    const shown: unknown[] = [];
    const store = {
      fileVersion: async (digest: string) => Buffer.from(`${digest}\n`),
      putFileVersion: async () => 'digest',
      notePendingEdits: async (_: string, one: PendingEdits) => void noted.push(one),
    };
    const filesNow = { digestsOf: async (uri: string) => [uri.endsWith('written') ? 'new' : 'old'] };
    const lease = { acquire: async () => true, release: async () => undefined };
    const deps = { store, owner: 'me', filesNow, log: { error: () => undefined } };
    await healNoted(log, stored, deps as never, lease, { rebuild: (path) => void shown.push(path) });
    assert.deepEqual(
      appended.map(({ turn, files, applied, call }) => [turn, files.map(({ path }) => path), applied, call]),
      [
        ['u', ['file:///written'], [{ path: 'file:///written', patch: '' }], blockCall('u', 'k1')],
        [first, ['file:///1/written'], undefined, 'toolu_1'],
        [second, ['file:///2/written'], undefined, 'toolu_of_a_branch'],
      ],
    );
    assert.deepEqual(noted, [{ call: blockCall('u', 'k2'), edits: [] }]);
    assert.equal(shown.length, 1);
  });

  it('and calls are told by their own answer only: a server may count its calls anew in each', async () => {
    const maker = new PathMaker();
    for (const words of ['First', 'Second']) maker.user(words).assistant([toolUse('call_1')]);
    // The turn has its end, and the call no result.
    maker.end();
    const [first = '', made = null, second = ''] = maker.entries.map(({ id }) => id);
    const told = { kind: 'edits', turn: first, files: [], call: 'call_1', id: 'told', parent: made, at: 2 } as const;
    const path: Entry[] = [...maker.entries.slice(0, 2), told, ...maker.entries.slice(2)];
    const appended: EditsEntry[] = [];
    const log = new ConversationLog('c', path, {
      store: { append: async (_: string, news: readonly EditsEntry[]) => void appended.push(...news) } as never,
      clock: { now: () => 1 } as never,
      ids: { next: () => 'x' },
    });
    const edit = { uri: 'file:///a', path: 'a', kind: 'edit', before: 'old', after: 'new', unsaved: false } as const;
    const deps = {
      store: {
        fileVersion: async (digest: string) => Buffer.from(`${digest}\n`),
        putFileVersion: async () => 'digest',
        notePendingEdits: async () => undefined,
      },
      owner: 'me',
      filesNow: { digestsOf: async () => ['new'] },
      log: { error: () => undefined },
    };
    const stored = { path, pendingEdits: [{ call: 'call_1', edits: [{ ...edit, added: 1, removed: 1 }] }] };
    const lease = { acquire: async () => true, release: async () => undefined };
    await healNoted(log, stored as never, deps as never, lease, { rebuild: () => undefined });
    assert.deepEqual(
      appended.map(({ kind, turn, call }) => [kind, turn, call]),
      [['edits', second, 'call_1']],
    );
  });
});
