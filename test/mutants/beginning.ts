/** Known faults of how a new conversation begins over what the cache holds of another one. */
import type { Mutant } from './mutant';

/** Each is noticed by the test that it names. */
export const beginningMutants: readonly Mutant[] = [
  {
    name: 'the chips of a new conversation do not show that an earlier text goes out',
    file: 'src/host/session/composer.ts',
    find: 'this.estimator.begins(next) ?? []',
    replace: '[]',
    test: 'unit/host/pricing/newConversation',
    grep: 'says in its chips that an earlier text goes out',
  },
  {
    name: 'what the cache holds is not read where nothing is written',
    file: 'src/core/prompt/request.ts',
    find: 'isWritten ? tokens.length - 1 : heldEnd',
    replace: 'isWritten ? tokens.length - 1 : -1',
    test: 'unit/host/pricing/newConversation',
    grep: 'reads them too where questions mostly stay alone',
  },
  {
    name: 'what was read keeps what stands behind it',
    file: 'src/host/pricing/systemPrefixCache.ts',
    find: 'wrote ? keys.at(-1) : (read ?? keys.at(-1))',
    replace: 'keys.at(-1)',
    test: 'unit/host/pricing/prefixBook',
    grep: 'is no more than what was read',
  },
  {
    name: 'a clock that is set back keeps all of it warm',
    file: 'src/host/pricing/systemPrefixCache.ts',
    find: 'held.from <= at && ',
    replace: '',
    test: 'unit/host/pricing/prefixBook',
    grep: 'is unknown once the clock is set back',
  },
  {
    name: 'a conversation that is gone does not end what others begin with',
    file: 'src/host/pricing/nextTurn.ts',
    find: 'if (!stored.some(isOut)) return begun.files;',
    replace: 'return begun.files;',
    test: 'unit/host/pricing/newConversation',
    grep: 'begins anew where the other one',
  },
  {
    name: 'the estimate of a new conversation does not know what it begins with',
    file: 'src/host/pricing/costEstimator.ts',
    find: '...(begins === null ? {} : { begins }),',
    replace: '',
    test: 'unit/host/pricing/newConversation',
    grep: 'reads its files, with what came to them told behind',
  },
  {
    name: 'what was sent before is followed although nothing goes along by itself',
    file: 'src/core/context/seenFiles.ts',
    find: '  if (now.closed !== undefined) return now;\n',
    replace: '',
    test: 'unit/host/session/addedContext',
    grep: 'is nothing of what was sent before once nothing is to go along by itself',
  },
  {
    name: 'a name alone is told where the model can read no file',
    file: 'src/host/session/contextChoice.ts',
    find: "leavesOut(limits, 'tools') ? all : read",
    replace: 'read',
    test: 'unit/host/session/addedContext',
    grep: 'is no name of a tab that was opened later once it is removed',
  },
  {
    name: 'an edited message takes what was told from the end of the conversation',
    file: 'src/host/session/contextChoice.ts',
    find: 'of ?? this.owner.seen()',
    replace: 'this.owner.seen()',
    test: 'unit/host/session/addedContext',
    grep: 'is what a message that is edited had told before it',
  },
];
