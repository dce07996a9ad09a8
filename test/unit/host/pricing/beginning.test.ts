/** A new conversation begins with what an earlier one left in the cache. */
import assert from 'node:assert/strict';
import { Memo } from '../../../../src/core/base/memo';
import type { ContextNow } from '../../../../src/core/context/editorContext';
import { modelOf } from '../../../../src/core/models/models';
import type { ContextFile, Entry } from '../../../../src/core/record/record';
import { askedOf, SystemPrefixCache } from '../../../../src/host/pricing/systemPrefixCache';

const model = modelOf('claude-opus-4-8');
const minute = 60_000;
const file = (name: string, text = `${name} is a long line of code\n`.repeat(200)): ContextFile => ({
  uri: `file:///w/${name}`,
  path: name,
  text,
});
const [a, b, c] = [file('a.ts'), file('b.ts'), file('c.ts')];
const now = (...files: readonly ContextFile[]): ContextNow => ({ project: [], files, selection: null });

function learnt(...conversations: readonly string[]): SystemPrefixCache {
  const prefixes = new SystemPrefixCache();
  prefixes.use('one');
  const usage = { input: 3, cacheRead: 0, cacheWrite5m: 9000, cacheWrite1h: 0, output: 100 };
  const path = [
    { kind: 'snapshot', id: 's', parent: null, at: 0, project: [], files: [a, b], selection: null },
    { kind: 'user', id: 'q', parent: 's', at: 0, content: [], model: model.id },
    {
      kind: 'assistant',
      id: 'r',
      parent: 'q',
      at: 0,
      askedAt: 0,
      durations: [],
      ttl: '5m',
      model: model.id,
      effort: 'high',
      usage,
    },
  ] as unknown as readonly Entry[];
  for (const one of ['first', ...conversations]) prefixes.learn(path, model, '[]', one);
  return prefixes;
}

describe('A new conversation over the same files', () => {
  const beginning = (prefixes: SystemPrefixCache, context: ContextNow, at = minute, effort = 'high') =>
    prefixes.beginning(askedOf(model.id, effort), '[]', context, at, new Memo())?.files ?? null;

  it('begins with them in the order and to the byte in which the cache holds them', () => {
    const [x, y] = beginning(learnt(), now(c, b, a)) ?? [];
    assert.deepEqual([x, y], [a, b]);
    const longer = file('a.ts', a.text.replace('\n', '\none line more\n'));
    assert.deepEqual(beginning(learnt(), now(longer, b)), [a, b], 'a few lines are told behind it');
  });

  it('begins so like each that did, and like none once one of them has ended it', () => {
    const prefixes = learnt('second', 'first');
    const asked = () => prefixes.beginning(askedOf(model.id, 'high'), '[]', now(a, b), minute, new Memo());
    const begun = asked();
    assert.deepEqual(begun?.conversations, ['first', 'second']);
    if (begun !== null) prefixes.end(begun);
    assert.equal(asked(), null);
  });

  it('begins anew where one of them does not go along, is another, or the cache is cold', () => {
    assert.equal(beginning(learnt(), now(a, c)), null);
    assert.equal(beginning(learnt(), now(file('a.ts', 'x\n'.repeat(4000)), file('b.ts', 'y\n'.repeat(4000)))), null);
    assert.equal(beginning(learnt(), now(a, b), 6 * minute), null);
    const haiku = askedOf('claude-haiku-4-5', 'high');
    assert.equal(learnt().beginning(haiku, '[]', now(a, b), minute, new Memo()), null);
    assert.equal(beginning(learnt(), now(a, b), minute, 'low'), null, 'at another effort nothing may be held of it');
  });

  it('begins anew at another address, or with another key', () => {
    const prefixes = learnt();
    prefixes.use('another');
    assert.equal(beginning(prefixes, now(a, b)), null);
  });
});
