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
];
