/** What providers give, checked and brought into one shape: they are other people's, and each has ways of its own. */
import type { Severity } from '../../../core/tools/language/languageServices';

/** A line of a file, by its URI. One-based; null where only the file was told. */
export interface RawPlace {
  readonly uri: string;
  readonly line: number | null;
}

/** A symbol and its place. */
export interface RawSymbol extends RawPlace {
  readonly name: string;
  readonly kind: string;
  readonly container: string;
}

/** Of one answer: what is behind them is not looked at. */
const maxItems = 100_000;
const maxDepth = 20;
const maxName = 500;

const kinds =
  'file module namespace package class method property field constructor enum interface function variable constant string number boolean array object key null enum-member struct event operator type-parameter'.split(
    ' ',
  );

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null ? (value as Fields) : null;
}

/** The items of an answer; none where a provider gave nothing, or something else. One alone counts as a list of one. */
function itemsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer.slice(0, maxItems);
  return fieldsOf(answer) === null ? [] : [answer];
}

function textOf(value: unknown, length = maxName): string {
  return typeof value === 'string' ? value.slice(0, length).toWellFormed() : '';
}

/** One-based; null for what is no range. */
function lineOf(range: unknown, end: 'start' | 'end' = 'start'): number | null {
  const line = fieldsOf(fieldsOf(range)?.[end])?.['line'];
  return Number.isSafeInteger(line) && (line as number) >= 0 ? (line as number) + 1 : null;
}

function uriOf(value: unknown): string | null {
  return fieldsOf(value) === null ? null : String(value);
}

/** Locations and location links. */
export function placesOf(answer: unknown): readonly RawPlace[] {
  return itemsOf(answer).flatMap((item) => {
    const fields = fieldsOf(item);
    if (fields === null) return [];
    const isLink = 'targetUri' in fields;
    const uri = uriOf(isLink ? fields['targetUri'] : fields['uri']);
    if (uri === null) return [];
    const range = isLink ? (fields['targetSelectionRange'] ?? fields['targetRange']) : fields['range'];
    return [{ uri, line: lineOf(range) }];
  });
}

/** Symbols of the workspace. */
export function symbolsOf(answer: unknown): readonly RawSymbol[] {
  return itemsOf(answer).flatMap((item) => {
    const fields = fieldsOf(item);
    const location = fieldsOf(fields?.['location']);
    const uri = uriOf(location?.['uri']);
    const name = textOf(fields?.['name']);
    if (fields === null || uri === null || name === '') return [];
    return [
      {
        uri,
        line: lineOf(location?.['range']),
        name,
        kind: kindOf(fields),
        container: textOf(fields['containerName']),
      },
    ];
  });
}

function kindOf(fields: Fields): string {
  const kind = fields['kind'];
  return (typeof kind === 'number' ? kinds[kind] : undefined) ?? 'symbol';
}

/** A symbol of a file; what is in it follows, one deeper. */
export interface RawOutlineSymbol {
  readonly name: string;
  readonly kind: string;
  readonly detail: string;
  readonly depth: number;
  readonly startLine: number;
  readonly endLine: number;
}

/** The symbols of one file, nested (DocumentSymbol) or flat (SymbolInformation), in the order of the text. */
export function outlineOf(answer: unknown): readonly RawOutlineSymbol[] {
  const found: RawOutlineSymbol[] = [];
  const collect = (items: readonly unknown[], depth: number): void => {
    const level = items.flatMap((item) => {
      const fields = fieldsOf(item);
      const name = textOf(fields?.['name']);
      const location = fieldsOf(fields?.['location']);
      const range = location === null ? fields?.['range'] : location['range'];
      const start = lineOf(range);
      if (fields === null || name === '' || start === null) return [];
      const end = Math.max(start, lineOf(range, 'end') ?? start);
      const container = textOf(fields['containerName']);
      const detail = location === null ? textOf(fields['detail']) : container === '' ? '' : `in ${container}`;
      return [{ fields, symbol: { name, kind: kindOf(fields), detail, depth, startLine: start, endLine: end } }];
    });
    for (const { fields, symbol } of level.toSorted((a, b) => a.symbol.startLine - b.symbol.startLine)) {
      if (found.length >= maxItems) return;
      found.push(symbol);
      if (depth < maxDepth) collect(itemsOf(fields['children'] ?? []), depth + 1);
    }
  };
  collect(itemsOf(answer), 0);
  return found;
}

/** A problem, of whichever file. One-based. */
export interface RawProblem {
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly source: string;
  readonly code: string;
  readonly related: readonly (RawPlace & { readonly message: string })[];
}

const severityNames: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
const maxMessage = 10_000;
const maxRelated = 10;

/** How bad a reported problem is; null for what is none. */
export function severityOf(problem: unknown): Severity | null {
  const severity = fieldsOf(problem)?.['severity'];
  return (typeof severity === 'number' ? severityNames[severity] : undefined) ?? null;
}

/** Where a reported problem is, zero-based: what sorts them. */
export function orderOf(problem: unknown): readonly [line: number, column: number] {
  const start = fieldsOf(fieldsOf(fieldsOf(problem)?.['range'])?.['start']);
  const number = (value: unknown): number => (Number.isSafeInteger(value) ? Math.max(0, value as number) : 0);
  return [number(start?.['line']), number(start?.['character'])];
}

/** A reported problem; null for what is none. */
export function problemOf(problem: unknown): RawProblem | null {
  const fields = fieldsOf(problem);
  const severity = severityOf(problem);
  if (fields === null || severity === null) return null;
  const [line, column] = orderOf(problem);
  const code = fieldsOf(fields['code'])?.['value'] ?? fields['code'];
  return {
    severity,
    line: line + 1,
    column: column + 1,
    message: textOf(fields['message'], maxMessage),
    source: textOf(fields['source']),
    code: typeof code === 'number' ? String(code) : textOf(code),
    related: itemsOf(fields['relatedInformation'] ?? [])
      .slice(0, maxRelated)
      .flatMap((one) => {
        const place = placesOf(fieldsOf(one)?.['location'])[0];
        return place === undefined ? [] : [{ ...place, message: textOf(fieldsOf(one)?.['message'], maxMessage) }];
      }),
  };
}
