/** What another window, or another conversation, knows of calls that wait for the user: it sees them, and its yes closes them. */
import assert from 'node:assert/strict';
import type { Reached } from '../../../../src/core/tools/consent';
import { toolStrings } from '../../../../src/core/tools/words/strings';
import type { FileLines } from '../../../../src/core/tools/workspace';
import { followConsents } from '../../../../src/host/session/turns/callHandlers';
import type { ToolPart } from '../../../../src/shared/chat';
import { reply } from '../../../fakeClaude/script';
import { type Chat, FakeEditors, FakeView, until } from '../../core/kit';
import { ManualClock } from '../../core/turn/turnKit';
import { send, Windows } from './fenceKit';

/** Reading `.env` asks; reading `slow.ts` takes until it is let go. */
class Guarded extends FakeEditors {
  readonly done: string[] = [];
  letGo: () => void = () => undefined;
  readonly #free = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });

  async reach(paths: readonly string[]): Promise<readonly Reached[]> {
    return paths
      .filter((path) => path.startsWith('.env'))
      .map((path) => ({ uri: `file:///work/${path}`, path, why: ['secret'] }));
  }

  override async readLines(path: string, startLine: number, maxLines: number): Promise<FileLines> {
    if (path === 'slow.ts') await this.#free;
    this.done.push(path);
    return super.readLines(path, startLine, maxLines);
  }
}

describe('A yes for a workspace', () => {
  const windows = new Windows();
  beforeEach(() => windows.begin());
  afterEach(() => windows.end());

  it('closes the cards that wait for the same in other conversations, of this window and of another', async () => {
    const editors = new Guarded();
    for (const path of ['.env', '.env.local']) editors.files.set(path, `text of ${path}\n`);
    const one = await windows.open('one', { editors });
    const two = await windows.open('two', { editors });
    const views = [
      await windows.viewOf(one),
      new FakeView(one.conversations.chats.create()),
      await windows.viewOf(two),
    ];
    const state = (view: FakeView): string =>
      calls(view)
        .map(({ status }) => status)
        .join();
    for (const view of views) {
      windows.fake.enqueue(reply.toolUse('read_file', { path: '.env' }).toolUse('read_file', { path: '.env.local' }));
      send(view, 'Read them');
      await until('both cards', () => state(view) === 'asks,asks');
    }
    const [view] = views;
    assert.ok(view !== undefined);
    const { conversation } = view.controller;
    const key = calls(view)[0]?.key ?? '';
    assert.ok((await view.controller.handle({ type: 'approve', conversation, key, span: 'workspace' })).ok);
    for (const one of views) await until('what is not allowed to wait alone', () => state(one) === 'done,asks');
    assert.deepEqual(editors.done, ['.env', '.env', '.env']);
  });

  it('is looked for once at a time, however slowly the store answers, and again where one came meanwhile', async () => {
    const clock = new ManualClock();
    const looks: (() => void)[] = [];
    const [changes, asks]: (() => void)[][] = [[], []];
    const calls = {
      waiting: 1,
      onDidChange: (told: () => void) => asks?.push(told),
      allowed: () => new Promise<void>((resolve) => looks.push(resolve)),
    };
    const onDidChange = (told: () => void) => {
      changes?.push(told);
      return () => undefined;
    };
    followConsents('c', calls as never, { consents: { onDidChange }, clock } as never);
    for (const told of asks ?? []) told();
    await clock.advance(20_000);
    assert.equal(looks.length, 1);
    for (const told of changes ?? []) told();
    assert.equal(looks.length, 1);
    looks[0]?.();
    await until('the second look', () => looks.length === 2);
    looks[1]?.();
    await new Promise(setImmediate);
    await clock.advance(2_000);
    assert.equal(looks.length, 3);
  });
});

function calls({ state }: FakeView): readonly ToolPart[] {
  const answer = state.items.findLast((item) => item.type === 'answer');
  return answer?.type === 'answer' ? answer.parts.flatMap((part) => (part.type === 'tool' ? [part] : [])) : [];
}

describe('A window that looks on', () => {
  const windows = new Windows();
  let editors: Guarded;
  let one: Chat;
  let two: Chat;
  let mine: FakeView;
  let other: FakeView;

  beforeEach(async () => {
    await windows.begin();
    editors = new Guarded();
    for (const path of ['.env', '.env.local', 'slow.ts']) editors.files.set(path, `text of ${path}\n`);
    one = await windows.open('one', { editors });
    two = await windows.open('two');
    mine = await windows.viewOf(one);
    windows.fake.enqueue(reply.text('Hello.'));
    send(mine, 'Hello?');
    await until('the first answer', () => mine.state.items.length > 1 && !mine.controller.isRunning);
    other = await windows.viewOf(two, mine.controller.conversation);
  });
  afterEach(async () => {
    editors.letGo();
    await windows.end();
  });

  const statuses = (view: FakeView): string =>
    calls(view)
      .map(({ status }) => status)
      .join();
  const asks = async (...paths: readonly string[]): Promise<void> => {
    windows.fake.enqueue(
      paths.reduce((script, path) => script.toolUse('read_file', { path }), reply),
      reply.text('Read.'),
    );
    send(mine, 'Read them');
  };
  const answer = async (view: FakeView, at: number, allow: boolean): Promise<boolean> => {
    const { controller } = view;
    const key = calls(view)[at]?.key ?? '';
    const { conversation } = controller;
    const said = allow
      ? ({ type: 'approve', conversation, key, span: 'once' } as const)
      : ({ type: 'deny', conversation, key, reason: '' } as const);
    return (await controller.handle(said)).ok;
  };

  it('shows the card of a call that asks, a call that runs as running, and each as it ends', async () => {
    await asks('.env', 'slow.ts');
    await until('both here', () => statuses(mine) === 'asks,running');
    await until('both there', () => statuses(other) === 'asks,running');
    const [asking, running] = calls(other);
    assert.deepEqual(asking?.approval, calls(mine)[0]?.approval);
    assert.deepEqual(asking?.approval?.kind === 'read' ? asking.approval.files : [], [
      { path: '.env', why: ['secret'] },
    ]);
    assert.deepEqual([asking?.label, running?.label], [calls(mine)[0]?.label, toolStrings.read('slow.ts').running]);
    assert.equal(other.state.activity?.kind, 'elsewhere');
    assert.ok(await answer(mine, 0, true));
    await until('the card to go there', () => statuses(other) === 'done,running');
    assert.equal(calls(other)[0]?.approval, undefined);
    editors.letGo();
    await until('the end', () => statuses(other) === 'done,done' && other.state.activity === null);
    assert.deepEqual([...one.errors, ...two.errors], []);
  });

  it('shows one that was answered as running, though another still asks', async () => {
    await asks('.env', '.env.local');
    await until('both there', () => statuses(other) === 'asks,asks');
    assert.ok(await answer(mine, 1, false));
    await until('one to be gone', () => statuses(other) === 'asks,cancelled');
    assert.ok(await answer(mine, 0, true));
    await until('the end', () => statuses(other) === 'done,cancelled' && other.state.activity === null);
    assert.deepEqual(editors.done, ['.env']);
  });

  it('answers nothing itself', async () => {
    await asks('.env');
    await until('the card there', () => statuses(other) === 'asks');
    assert.equal(await answer(other, 0, true), false);
    assert.deepEqual(editors.done, []);
    assert.equal(statuses(mine), 'asks');
    assert.ok(await answer(mine, 0, false));
    await until('the end', () => other.state.activity === null);
  });

  it('shows no card once the window that asked is gone', async () => {
    await asks('.env');
    await until('the card there', () => statuses(other) === 'asks');
    await one.conversations.dispose();
    await until('the end', () => other.state.activity === null);
    assert.equal(statuses(other), 'cancelled');
    assert.deepEqual(await two.store.askingIn(other.controller.conversation), []);
  });
});
