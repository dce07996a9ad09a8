/** A new conversation whose first way into the store fails, wherever that is. */
import assert from 'node:assert/strict';
import { StoreError } from '../../../../src/core/base/errors';
import type { Store } from '../../../../src/core/record/store';
import { reply } from '../../../fakeClaude/script';
import { ask, until } from '../../core/kit';
import { failingStore } from './failingStore';
import { shown, Windows } from './fenceKit';

describe('A conversation that is created while the store is busy', () => {
  const windows = new Windows();
  beforeEach(() => windows.begin());
  afterEach(() => windows.end());

  for (const method of ['createConversation', 'append', 'getValue', 'setDraft', 'getMeta'] satisfies (keyof Store)[]) {
    it(`is there at last, with what was typed, when ${method} fails once (L2)`, async () => {
      let refusals = 0;
      const refuse = (): void => {
        refusals += 1;
        if (refusals === 1) throw new StoreError('busy', 'The database is busy.');
      };
      let failsNow = false;
      const wrap = (store: Store): Store => failingStore(store, () => (failsNow ? { [method]: refuse } : {}));
      const view = await windows.viewOf(await windows.open('one', { wrap }));
      const { conversation } = view.controller;
      failsNow = true;
      await view.controller.handle({ type: 'draft', conversation, text: 'half' });
      await view.controller.handle({ type: 'draft', conversation, text: 'half a thought' });
      windows.fake.enqueue(reply.text('Yes.'));
      await ask(view, 'Is it so?');
      await view.controller.handle({ type: 'draft', conversation, text: 'half a thought' });
      await windows.closeAll();
      const two = await windows.open('two');
      const next = await windows.viewOf(two);
      assert.ok(refusals > 0);
      assert.deepEqual([next.controller.conversation, next.draft], [conversation, 'half a thought']);
      assert.match(shown(next), /Is it so\?.*Yes\./);
      assert.equal((await two.store.getMeta(conversation))?.title, 'Is it so?');
    });
  }

  it('is there at last, with what was typed, when it was created and the answer to that was lost (L2)', async () => {
    let isFirst = true;
    const create = async (store: Store, ...args: Parameters<Store['createConversation']>): Promise<string | null> => {
      const made = await store.createConversation(...args);
      if (!isFirst) return made;
      isFirst = false;
      throw new StoreError('busy', 'The database is busy.');
    };
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target);
          if (name === 'createConversation') return create.bind(null, target);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      });
    const view = await windows.viewOf(await windows.open('one', { wrap }));
    const { conversation } = view.controller;
    await view.controller.handle({ type: 'draft', conversation, text: 'half' });
    await until('it to have been made once', () => !isFirst);
    windows.fake.enqueue(reply.text('Yes.'));
    await ask(view, 'Is it so?');
    await windows.closeAll();
    const next = await windows.viewOf(await windows.open('two'));
    assert.equal(isFirst, false);
    assert.equal(next.controller.conversation, conversation);
    assert.match(shown(next), /Is it so\?.*Yes\./);
  });
});
