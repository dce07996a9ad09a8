/**
 * Schemas of others' tools as the API takes them: an object, of JSON Schema 2020-12, not too long. One that the API would
 * refuse would end every request of the conversation, so only what is known to be right is kept of it; what is left
 * out is less said to the model, never more: the server checks the input by its own schema.
 */

import { visible } from '../../../shared/visible';
import { isObject } from '../../base/doorValues';
import type { InputSchema } from '../../record/chosenTool';
import { byteLength, wholeCharacters } from '../words/text';

/** Bytes of a schema's JSON at most. */
const maxBytes = 32 * 1024;
/** Schemas inside of schemas. */
const maxDepth = 24;
/** Characters of a text in a schema. */
const maxText = 1_000;

/** What the API takes as the name of a property at the top. */
const propertyName = /^[a-zA-Z0-9_.-]{1,64}$/;

/** Where a schema that others refer to stands. */
const definitionPlace = /^#\/(\$defs|definitions)\/([a-zA-Z0-9_.-]+)$/;

/** Why a schema cannot be used. */
export type SchemaProblem = 'notAnObject' | 'propertyNames' | 'tooLong' | 'tooDeep';

type Schema = { readonly [key: string]: unknown };

class Unusable extends Error {
  constructor(readonly problem: SchemaProblem) {
    super(problem);
  }
}

/** The schema as it is sent; or why the tool cannot be offered. Of the same schema always the same bytes. */
export function apiSchema(schema: unknown): { readonly schema: InputSchema } | { readonly problem: SchemaProblem } {
  try {
    const object = asObject(schema ?? {});
    const mapped: InputSchema = { ...cleaned(object, 0, object), type: 'object', properties: propertiesOf(object) };
    if (byteLength(JSON.stringify(mapped)) > maxBytes) return { problem: 'tooLong' };
    return { schema: mapped };
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.problem };
    throw error;
  }
}

/** The top of the schema: an object without alternatives, which the API takes nowhere but further in. */
function asObject(schema: unknown): Schema {
  if (!isObject(schema)) throw new Unusable('notAnObject');
  const named = referred(schema, schema['$ref']);
  const whole = named === null ? schema : { ...schema, ...named };
  const { $ref: _, oneOf, anyOf, allOf, ...own } = whole as Schema;
  const types: readonly unknown[] = Array.isArray(own['type']) ? own['type'] : [own['type'] ?? 'object'];
  if (!types.includes('object')) throw new Unusable('notAnObject');
  const every = [...listOf(allOf)].filter(isObject);
  const some = [...listOf(oneOf), ...listOf(anyOf)].filter(isObject);
  if (every.length === 0 && some.length === 0) return own;
  // Of alternatives none is required: the model is told of all, and the server says what goes with what.
  const properties = Object.fromEntries(
    [...every, ...some, own].flatMap((one) => (isObject(one['properties']) ? Object.entries(one['properties']) : [])),
  );
  const required = [...listOf(own['required']), ...every.flatMap((one) => [...listOf(one['required'])])];
  return { ...own, properties, ...(required.length === 0 ? {} : { required }) };
}

function propertiesOf(object: Schema): Schema {
  const { properties } = object;
  if (!isObject(properties)) return {};
  if (Object.keys(properties).some((name) => !propertyName.test(name))) throw new Unusable('propertyNames');
  return schemasIn(properties, 1, object);
}

/** The schema that a local reference names, other than the whole; null for none. */
function referred(root: Schema, place: unknown): Schema | null {
  const [, group = '', name = ''] = (typeof place === 'string' ? definitionPlace.exec(place) : null) ?? [];
  const schemas = root[group];
  const found = isObject(schemas) && Object.hasOwn(schemas, name) ? schemas[name] : null;
  return isObject(found) ? found : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A keyword's value as the API takes it; undefined where the keyword is left out. */
type Keyword = (value: unknown, depth: number, root: Schema) => unknown;

const count: Keyword = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? value : undefined);
const number: Keyword = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const flag: Keyword = (value) => (typeof value === 'boolean' ? value : undefined);
const text: Keyword = (value) => (typeof value === 'string' ? shortened(value) : undefined);
const anything: Keyword = (value, depth) => plain(value, depth);
const inner: Keyword = (value, depth, root) => {
  if (typeof value === 'boolean') return value;
  return isObject(value) ? cleaned(value, depth + 1, root) : undefined;
};
const inners: Keyword = (value, depth, root) => {
  const schemas = listOf(value)
    .map((one) => inner(one, depth, root))
    .filter((one) => one !== undefined);
  return schemas.length === 0 ? undefined : schemas;
};
const named: Keyword = (value, depth, root) => (isObject(value) ? schemasIn(value, depth + 1, root) : undefined);
const names: Keyword = (value) => {
  const texts = [...new Set(listOf(value).filter((name) => typeof name === 'string'))].map((name) => visible(name));
  return texts.length === 0 ? undefined : texts;
};

const typeNames: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

const keywords: { readonly [keyword: string]: Keyword } = {
  type: (value) => {
    if (typeNames.includes(value)) return value;
    const known = [...new Set(listOf(value).filter((one) => typeNames.includes(one)))];
    return known.length === 0 ? undefined : known;
  },
  title: text,
  description: text,
  format: text,
  enum: (value, depth) => (listOf(value).length === 0 ? undefined : plain(value, depth)),
  const: anything,
  default: anything,
  examples: (value, depth) => (Array.isArray(value) ? plain(value, depth) : undefined),
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: (value) => (typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined),
  minLength: count,
  maxLength: count,
  pattern: (value) => (typeof value === 'string' && value.length <= maxText && isPattern(value) ? value : undefined),
  items: inner,
  prefixItems: inners,
  minItems: count,
  maxItems: count,
  uniqueItems: flag,
  contains: inner,
  properties: named,
  patternProperties: (value, depth, root) =>
    isObject(value) && Object.keys(value).every(isPattern) ? schemasIn(value, depth + 1, root) : undefined,
  additionalProperties: inner,
  propertyNames: inner,
  required: names,
  minProperties: count,
  maxProperties: count,
  anyOf: inners,
  oneOf: inners,
  allOf: inners,
  not: inner,
  $defs: named,
  definitions: named,
  $ref: (value, _, root) => (value === '#' || referred(root, value) !== null ? value : undefined),
};

/** Throws Unusable. */
function cleaned(schema: Schema, depth: number, root: Schema): Schema {
  if (depth > maxDepth) throw new Unusable('tooDeep');
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]) => {
      const known = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
      // A list of items, as it was written before 2020-12.
      if (keyword === 'items' && Array.isArray(value)) {
        const items = inners(value, depth, root);
        return items === undefined ? [] : [['prefixItems', items]];
      }
      const kept = known?.(value, depth, root);
      return kept === undefined ? [] : [[keyword, kept]];
    }),
  );
}

function schemasIn(value: Schema, depth: number, root: Schema): Schema {
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [visible(name), inner(schema, depth, root) ?? {}]),
  );
}

/** Any JSON, with hidden characters shown. Throws Unusable. */
function plain(value: unknown, depth: number): unknown {
  if (depth > maxDepth) throw new Unusable('tooDeep');
  if (typeof value === 'string') return shortened(value);
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [visible(key), plain(one, depth + 1)]));
}

function shortened(value: string): string {
  return visible(value.length > maxText ? `${wholeCharacters(value, maxText - 1)}…` : value);
}

function isPattern(value: string): boolean {
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}
