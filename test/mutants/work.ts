import type { Mutant } from './mutant';

/** Work that was done again and again for the same, or grew faster than what it was for. */
export const workMutants: readonly Mutant[] = [
  {
    name: 'what the next message costs is computed again for a view that comes and for what is read then',
    file: 'src/host/pricing/costEstimator.ts',
    find: 'if (held !== null && now >= held.from && now < held.until && isSame(held.of, of)) return held.estimated;',
    replace: 'if (held !== null && now < 0 && isSame(held.of, of)) return held.estimated;',
    test: 'unit/host/pricing/estimatedOnce',
    grep: 'is computed once',
  },
  {
    name: 'an estimate outlives the warmth of the cache',
    file: 'src/host/pricing/costEstimator.ts',
    find: 'until: Math.min(now + holdsMs, cold)',
    replace: 'until: Math.max(now + holdsMs, cold === 0 ? 0 : now)',
    test: 'unit/host/pricing/estimatedOnce',
    grep: 'while nothing changes',
  },
  {
    name: 'an estimate does not see that a turn has taught something',
    file: 'src/host/pricing/tokenCalibrationStore.ts',
    find: '    return this.changes;',
    replace: '    return this.changes * 0;',
    test: 'unit/host/pricing/estimatedOnce',
    grep: 'a turn has taught',
  },
  {
    name: 'the tools are measured for each conversation',
    file: 'src/core/models/tokens.ts',
    find: '  let measure = constants.get(text);',
    replace: '  let measure = constants.get(text.trimEnd().slice(1));',
    test: 'unit/host/pricing/estimatedOnce',
    grep: 'does not measure the tools',
  },
  {
    name: 'SQLite prepares a statement anew for each number in its limit',
    file: 'src/host/store/tables/listing.ts',
    find: 'AND workspace = ? AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT (SELECT ?)',
    replace: 'AND workspace = ? AND (updatedAt, id) < (?, ?) ORDER BY updatedAt DESC, id DESC LIMIT ?',
    test: 'unit/store/scale',
    grep: 'prepares each statement once',
  },
  {
    name: 'L19: the list of what is shown is copied with each event of a replayed record',
    file: 'src/core/transcript/transcript.ts',
    find: 'return reduceAll({ ...emptyChat(conversation), title }, pathEvents(path, shown));',
    replace:
      'let state: ChatState = { ...emptyChat(conversation), title };' +
      'for (const event of pathEvents(path, shown)) state = reduceAll(state, [event]);' +
      'return state;',
    test: 'unit/core/transcript/replay',
    grep: 'goes through four times',
  },
  {
    name: 'events that are taken together change the state before them',
    file: 'src/shared/reduce.ts',
    find: 'if (own?.has(list) === true) return list as T[];',
    replace: 'if (own !== null) return list as T[];',
    test: 'unit/core/transcript/replay',
    grep: 'leaves the states before',
  },
  {
    name: 'the place of a long-lived cache breakpoint is looked up for each pause of the conversation',
    file: 'src/core/prompt/cachePlan.ts',
    find: 'latest = { before, entry };',
    replace: 'latest = tokensAt(path, before.anchor) < 0 ? null : { before, entry };',
    test: 'unit/core/cost/longConversations',
    grep: 'looks the place',
  },
  {
    name: 'the messages of a conversation are made at each Send to find its pictures',
    file: 'src/core/prompt/attachments.ts',
    find: "if (!path.some((entry) => entry.kind === 'user' && entry.content.some(isMedia))) return [];",
    replace: '',
    test: 'unit/core/cost/longConversations',
    grep: 'makes no messages',
  },
  {
    name: 'the files of a conversation are measured again with each request',
    file: 'src/core/prompt/request.ts',
    find: "memo.get(context, 'tokens', () => context.map((text) => estimateTokens(text)))",
    replace: 'context.map((text) => estimateTokens(text))',
    test: 'unit/core/cost/longConversations',
    grep: 'measures nothing again',
  },
  {
    name: 'VS Code is asked for each setting each time that it is read',
    file: 'src/host/settings/settings.ts',
    find: 'if (known !== undefined) return known;',
    replace: 'void known;',
    test: 'unit/host/settings/windowSettings',
    grep: 'asks VS Code for none',
  },
  {
    name: 'a setting that was read stays what it was',
    file: 'src/host/settings/settings.ts',
    find: '      this.inspected.clear();\n',
    replace: '',
    test: 'unit/host/settings/windowSettings',
    grep: 'reads a setting anew',
  },
];
