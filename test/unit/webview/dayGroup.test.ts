/** The headings of the list of conversations: days as the user counts them. */
import assert from 'node:assert/strict';
import { dayGroup, listStrings } from '../../../src/webview/l10n/listStrings';

describe('The heading of a conversation', () => {
  it('is the day, the week, the month, by the calendar and not by hours', () => {
    const now = new Date(2026, 10, 28, 0, 30).getTime();
    const of = (...at: readonly [number, number, number, number, number]): string =>
      dayGroup(new Date(...at).getTime(), now);
    assert.equal(of(2026, 10, 28, 0, 0), listStrings.today());
    assert.equal(dayGroup(now + 60_000, now), listStrings.today(), 'a clock that runs ahead');
    assert.equal(of(2026, 10, 27, 23, 59), listStrings.yesterday());
    assert.equal(of(2026, 10, 27, 0, 0), listStrings.yesterday());
    assert.equal(of(2026, 10, 26, 23, 59), listStrings.previousDays());
    assert.equal(of(2026, 10, 21, 0, 0), listStrings.previousDays());
    assert.equal(of(2026, 10, 20, 23, 59), 'November');
    assert.equal(of(2026, 0, 1, 0, 0), 'January');
    assert.equal(of(2025, 10, 30, 12, 0), 'November 2025');
    assert.equal(dayGroup(Number.NaN, now), 'Invalid Date', 'what is no time has a heading, too');
  });
});
