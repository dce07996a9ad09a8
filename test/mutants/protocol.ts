import type { Mutant } from './mutant';

const unopened = { test: 'unit/host/unopened' } as const;

export const protocolMutants: readonly Mutant[] = [
  {
    name: 'L73: a place keeps the rejected promise of its first conversation',
    file: 'src/host/once.ts',
    find: 'if (this.#made === made) this.#made = null;',
    replace: 'void made;',
    ...unopened,
    grep: 'L73',
  },
  {
    name: 'L73: New Chat waits for the conversation that cannot be opened',
    file: 'src/host/chatPlace.ts',
    find: 'const first = await this.current().catch(() => null);',
    replace: 'const first = await this.current();',
    ...unopened,
    grep: 'busy at start',
  },
  {
    name: 'L73: a question of a command waits for the conversation that cannot be opened',
    file: 'src/host/conversations.ts',
    find: 'await this.current().catch(() => null);',
    replace: 'await this.current();',
    ...unopened,
    grep: 'tried again',
  },
  {
    name: 'L73: what cannot be opened does not stand in its place',
    file: 'src/host/chatPlace.ts',
    find: 'if (asked === this.asked) this.showFailure(id, failure);',
    replace: '',
    ...unopened,
    grep: 'named in its place',
  },
  {
    name: 'a conversation that opens late takes the place of one that was asked for after it',
    file: 'src/host/chatPlace.ts',
    find: 'return asked === this.asked ? this.show(controller) : controller;',
    replace: 'return this.show(controller);',
    ...unopened,
    grep: 'asked for after it',
  },
  {
    name: 'L73: one entry that cannot be shown takes the conversation',
    file: 'src/core/transcript.ts',
    find: "    return [{ type: 'item', item: unreadable(String(id), Number(at)) }];",
    replace: '    throw new Error([id, at, typeof unreadable].join());',
    ...unopened,
    grep: 'one entry',
  },
  {
    name: 'L73: the panel shows nothing where a conversation cannot be opened',
    file: 'src/host/viewLink.ts',
    find: "this.#batch.add({ type: 'unopened', conversation, title, reason });",
    replace: 'void [conversation, title, reason];',
    test: 'unit/host/viewLink',
    grep: 'L73',
  },
  {
    name: 'L73: without an environment the panel shows no conversation',
    file: 'src/webview/store.ts',
    find: 'if (this.#conversation === null || this.#chat',
    replace: 'if (this.#environment === null || this.#conversation === null || this.#chat',
    test: 'panel/unopened',
    grep: 'first thing',
  },
  {
    name: 'what is only shown is waited for without end',
    file: 'src/host/beside.ts',
    find: 'return await Promise.race([work(), late]);',
    replace: 'return await Promise.race([work(), late.catch(() => new Promise<T>(() => undefined))]);',
    ...unopened,
    grep: 'no longer than its time',
  },
];
