import type { Mutant } from './mutant';

export const historyMutants: readonly Mutant[] = [
  {
    name: 'an automatic count goes to an address that never got the content',
    file: 'src/host/exactCount.ts',
    find: ' || !tokens.wasSent(answer.id, access.baseUrl)',
    replace: '',
    test: 'unit/host/beforeSending',
    grep: 'an address that never got the content',
  },
  {
    name: 'L2: what is being done while a conversation is closed is not waited for',
    file: 'src/host/controller.ts',
    find: '    await this.inFlight.close(closingMs);\n',
    replace: '',
    test: 'unit/host/closing',
  },
  {
    name: 'L2: what is begun while a conversation is closed is not waited for',
    file: 'src/host/inFlight.ts',
    find: 'while (this.running.size > 0 && !isLate) await',
    replace: 'await',
    test: 'unit/host/closing',
    grep: 'and what that leads to',
  },
  {
    name: 'what never ends keeps a conversation from being closed',
    file: 'src/host/inFlight.ts',
    find: 'Promise.race([late, Promise.allSettled(this.running)])',
    replace: 'Promise.allSettled(this.running)',
    test: 'unit/host/closing',
    grep: 'holds nothing up for long',
  },
  {
    name: 'L2: a message that was not taken is gone from the composer',
    file: 'src/webview/panel.ts',
    find: 'if (!done && this.#store.state?.conversation === conversation) this.#composer.takeBack(text);',
    replace: 'void done;',
    test: 'panel/composer',
    grep: 'not taken back',
  },
];
