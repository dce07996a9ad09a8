/** A message that waits in two windows at once: whatever both do with it at the same moment, nobody's words are lost. */
import assert from 'node:assert/strict';
import { textOf } from '../../../../src/core/record/branchPoint';
import { reply } from '../../../fakeClaude/script';
import { type Chat, type FakeView, quickClock, until } from '../../core/kit';
import { around, blindClock, send, shown, Windows } from './fenceKit';

interface Shared {
  readonly one: Chat;
  readonly two: Chat;
  readonly mine: FakeView;
  readonly other: FakeView;
  readonly id: string;
}

describe('A message that waits in two windows', () => {
  const windows = new Windows();

  /** What happens before the second window commits. */
  let overtake: () => Promise<void>;

  beforeEach(() => {
    overtake = async () => undefined;
    return windows.begin();
  });
  afterEach(() => windows.end());

  const rows = ({ composer }: FakeView): readonly string[] =>
    (composer?.queued ?? []).map(({ text, held }) => (held ? `(${text})` : text));
  const rowId = (view: FakeView): string => view.composer?.queued[0]?.id ?? '';

  /** "Old words" wait for the user in both. The second window never looks at what the first one does. */
  async function shared(firstLooks = false): Promise<Shared> {
    const one = await windows.open('one', { clock: firstLooks ? quickClock : blindClock });
    const mine = await windows.viewOf(one);
    const id = mine.controller.conversation;
    const held = windows.fake.hold();
    send(mine, 'First');
    await held.push('Hm');
    send(mine, 'Old words');
    await until('the row', () => rows(mine).length === 1);
    mine.controller.handle({ type: 'stop', conversation: id });
    await until('the turn to end', () => !mine.controller.isRunning);
    await until('it to be held', () => rows(mine)[0] === '(Old words)');
    const wrap = around((name) => (name === 'append' ? overtake() : Promise.resolve()));
    const two = await windows.open('two', { clock: blindClock, wrap });
    const other = await windows.viewOf(two, id);
    await until('the row there', () => rows(other).length === 1);
    return { one, two, mine, other, id };
  }

  const stored = async ({ one, id }: Shared): Promise<readonly string[]> =>
    ((await one.store.load(id))?.queued ?? []).map(({ content }) => textOf(content));
  const edit = ({ controller }: FakeView, row: string, text: string | null): Promise<unknown> =>
    controller.handle({ type: 'editQueued', conversation: controller.conversation, id: row, text });

  it('is two messages when both write it anew', async () => {
    const all = await shared();
    const { one, two, mine, other } = all;
    const row = rowId(mine);
    await Promise.all([edit(mine, row, 'Words of one'), edit(other, row, 'Words of two')]);
    assert.deepEqual((await stored(all)).toSorted(), ['Words of one', 'Words of two']);
    assert.deepEqual(rows(other).toSorted(), ['(Words of one)', '(Words of two)']);
    assert.deepEqual([...one.errors, ...two.errors], []);
  });

  it('waits with its new words when the other window has sent the old ones meanwhile', async () => {
    const all = await shared();
    const { one, two, mine, other, id } = all;
    const row = rowId(mine);
    windows.fake.enqueue(reply.text('To the old words.'));
    await other.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer', () => shown(other).includes('To the old words.') && !other.controller.isRunning);
    await edit(mine, row, 'New words');
    assert.deepEqual(await stored(all), ['New words']);
    assert.deepEqual(rows(mine), ['(New words)']);
    assert.equal(windows.storedWith('Old words'), 1);
    assert.deepEqual([...one.errors, ...two.errors], []);
  });

  it('is not sent with its old words when the other window has written it anew', async () => {
    const all = await shared();
    const { one, two, mine, other, id } = all;
    const row = rowId(mine);
    // In the last moment: the other window has it on its way into the record.
    overtake = async () => {
      overtake = async () => undefined;
      await edit(mine, row, 'New words');
    };
    await other.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the new words there', () => rows(other)[0] === '(New words)');
    assert.deepEqual(await stored(all), ['New words']);
    assert.equal(windows.storedWith('Old words'), 0);
    assert.equal(windows.fake.messages.length, 1);
    assert.deepEqual([...one.errors, ...two.errors], []);
  });

  it('stays with its new words when the other window takes out the old ones', async () => {
    const all = await shared();
    const { mine, other, id } = all;
    const row = rowId(mine);
    await edit(mine, row, 'New words');
    await other.controller.handle({ type: 'unqueue', conversation: id, id: row });
    assert.deepEqual(await stored(all), ['New words']);
    assert.deepEqual(rows(other), ['(New words)']);
    await other.controller.handle({ type: 'unqueue', conversation: id, id: rowId(other) });
    assert.deepEqual(await stored(all), []);
  });

  it('is no message any more when one window takes it out and the other one moves it', async () => {
    const all = await shared();
    const { mine, other, id } = all;
    const row = rowId(mine);
    await mine.controller.handle({ type: 'unqueue', conversation: id, id: row });
    const moves = [1, -1, 1].map((by) =>
      other.controller.handle({ type: 'moveQueued', conversation: id, id: row, by }),
    );
    await Promise.all(moves);
    assert.deepEqual(await stored(all), []);
    assert.deepEqual(rows(other), []);
  });

  it('goes on being written while the other window sends it, and then waits for the user', async () => {
    const all = await shared(true);
    const { one, mine, other, id } = all;
    const row = rowId(mine);
    await edit(mine, row, null);
    windows.fake.enqueue(reply.text('To the old words.'));
    await other.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer here', () => shown(mine).includes('To the old words.') && mine.state.activity === null);
    assert.equal(rowId(mine), row, 'its editor has its place');
    await edit(mine, row, 'New words');
    assert.deepEqual(await stored(all), ['New words']);
    assert.deepEqual(rows(mine), ['(New words)']);
    assert.equal(rowId(mine), row, 'the focus has its place');
    assert.deepEqual(one.errors, []);
  });

  it('is gone when its words stay as they are, and the other window has sent them', async () => {
    const all = await shared(true);
    const { mine, other, id } = all;
    const row = rowId(mine);
    await edit(mine, row, null);
    windows.fake.enqueue(reply.text('To the old words.'));
    await other.controller.handle({ type: 'sendQueuedNow', conversation: id, id: row });
    await until('the answer here', () => shown(mine).includes('To the old words.') && mine.state.activity === null);
    await edit(mine, row, 'Old words');
    assert.deepEqual(await stored(all), []);
    assert.deepEqual(rows(mine), []);
    assert.equal(mine.draft, '');
  });
});
