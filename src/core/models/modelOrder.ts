/** How models are offered: the default, the newest of each line, others, and the older ones behind them. Pure. */
import { type Model, undated } from './models';
import { firstFactor } from './tokens';

/** A model as it is listed. */
export interface ListedModel {
  readonly model: Model;
  /** When it stops answering, ms since the epoch; null where that is not known. */
  readonly retiresAt: number | null;
}

/** The same in its place. */
export interface OfferedModel {
  readonly model: Model;
  readonly isDefault: boolean;
  /** True for those behind the newest of their line. */
  readonly isOlder: boolean;
  /** The newer one of its line that costs least, where that is less; `percent`: how much less at least, whole percent. */
  readonly cheaper: { readonly name: string; readonly percent: number } | null;
  /** ms since the epoch, where that is within 60 days; else null. */
  readonly retiresAt: number | null;
}

/** Lines in the order in which their newest stand; lines that nobody knows follow. */
const lines: readonly string[] = ['opus', 'sonnet', 'haiku', 'fable'];
/** A retirement is said so long before, ms. */
const soonMs = 60 * 24 * 3_600_000;

/** A model's place among others: "opus", 4.8 as 408. */
interface Version {
  readonly line: string;
  readonly number: number;
}

/** null for ids that do not say it. */
function versionOf({ id }: Model): Version | null {
  const [, line, major, minor = '0'] = /^claude-([a-z]+)-(\d+)(?:-(\d{1,2}))?$/.exec(undated(id)) ?? [];
  return line === undefined ? null : { line, number: Number(major) * 100 + Number(minor) };
}

/**
 * The default first, then the newest of each line, then models of no line in the order of the list, then the older ones
 * line by line. One that has retired is not offered, unless it is the default. `now`: ms since the epoch.
 */
export function offeredModels(listed: readonly ListedModel[], defaultId: string, now: number): readonly OfferedModel[] {
  const isDefault = ({ id }: Model): boolean => undated(id) === undated(defaultId);
  const known = listed
    .filter(({ model, retiresAt }) => isDefault(model) || retiresAt === null || retiresAt > now)
    .map((one) => ({ ...one, version: versionOf(one.model) }));
  const newerThan = (version: Version | null): readonly Model[] =>
    known
      .filter(
        (other) => version !== null && other.version?.line === version.line && other.version.number > version.number,
      )
      .map(({ model }) => model);
  const rankOf = (line: string): number => (lines.includes(line) ? lines.indexOf(line) : lines.length);
  return known
    .map(({ model, retiresAt, version }, index) => {
      const newer = newerThan(version);
      const group = isDefault(model) ? 0 : version === null ? 2 : newer.length === 0 ? 1 : 3;
      const offered: OfferedModel = {
        model,
        isDefault: group === 0,
        isOlder: group === 3,
        cheaper: cheapest(model, newer),
        retiresAt: retiresAt !== null && retiresAt - now <= soonMs ? retiresAt : null,
      };
      return { offered, order: [group, version === null ? 0 : rankOf(version.line), -(version?.number ?? 0), index] };
    })
    .toSorted((a, b) => compare(a.order, b.order))
    .map(({ offered }) => offered);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Of newer models the one that costs least, the newest of equals; null where none costs less. */
function cheapest(model: Model, newer: readonly Model[]): OfferedModel['cheaper'] {
  const [best] = newer
    .map((one) => ({ name: one.name, percent: percentLess(model, one), number: versionOf(one)?.number ?? 0 }))
    .filter(({ percent }) => percent >= 1)
    .toSorted((a, b) => b.percent - a.percent || b.number - a.number);
  return best === undefined ? null : { name: best.name, percent: best.percent };
}

/**
 * How much less the other one costs for the same text, in whole percent at least: its higher rates count, and the tokens
 * that each makes of a text (API-FACTS §7.3). 0 where it is not less, or a price is unknown.
 */
function percentLess(model: Model, other: Model): number {
  if (model.prices === null || other.prices === null) return 0;
  const dear = other.prices.above?.rates ?? other.prices;
  const tokens = firstFactor(other.id) / firstFactor(model.id);
  const share = Math.max(dear.input / model.prices.input, dear.output / model.prices.output) * tokens;
  return Math.max(0, Math.floor((1 - share) * 100 + 1e-6));
}
