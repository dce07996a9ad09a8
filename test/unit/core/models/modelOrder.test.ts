/** The order in which models are offered, and what is said of each by its place. */
import assert from 'node:assert/strict';
import { offeredModels } from '../../../../src/core/models/modelOrder';
import { type Model, modelOf, modelTable } from '../../../../src/core/models/models';

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 26);
const listed = (models: readonly Model[], retiresAt: number | null = null) =>
  models.map((model) => ({ model, retiresAt }));
const offer = (ids: readonly string[], byDefault = 'claude-opus-4-8') =>
  offeredModels(listed(ids.map(modelOf)), byDefault, now);

describe('The models, as they are offered', () => {
  it('begin with the default and the newest of each line; the older ones follow, line by line', () => {
    const offered = offeredModels(listed(modelTable), 'claude-opus-4-8', now);
    const names = (older: boolean) => offered.filter(({ isOlder }) => isOlder === older).map(({ model }) => model.name);
    assert.deepEqual(names(false), ['Opus 4.8', 'Opus 5.5', 'Sonnet 5.5', 'Haiku 5.5', 'Fable 5.2', 'Mythos 5.1']);
    assert.deepEqual(names(true), [
      ...['Opus 5', 'Opus 4.7', 'Opus 4.6', 'Opus 4.5'],
      ...['Sonnet 5', 'Sonnet 4.6', 'Sonnet 4.5', 'Haiku 4.5', 'Fable 5.1', 'Fable 5', 'Mythos 5'],
    ]);
    assert.deepEqual(
      offered.filter(({ isDefault }) => isDefault).map(({ model }) => model.id),
      ['claude-opus-4-8'],
    );
    assert.ok(offered.findIndex(({ isOlder }) => isOlder) === 6);
  });

  it('have the default among them once, also where it is the newest or has a date', () => {
    const offered = offer(['claude-sonnet-4-6', 'claude-opus-4-8-20260528', 'claude-opus-4-7']);
    assert.deepEqual(
      offered.map(({ model, isDefault, isOlder }) => [model.id, isDefault, isOlder]),
      [
        ['claude-opus-4-8-20260528', true, false],
        ['claude-sonnet-4-6', false, false],
        ['claude-opus-4-7', false, true],
      ],
    );
  });

  it('keep ids of a gateway in its order, in front of older ones, and call none of them older', () => {
    const ids = ['corp/large', 'us.anthropic.claude-opus-4-8-v1:0', 'corp/small', 'claude-opus-4-7', 'claude-opus-5'];
    assert.deepEqual(
      offer(ids).map(({ model, isOlder }) => [model.id, isOlder]),
      [
        ['claude-opus-5', false],
        ['corp/large', false],
        ['us.anthropic.claude-opus-4-8-v1:0', false],
        ['corp/small', false],
        ['claude-opus-4-7', true],
      ],
    );
  });

  const cheaper = (id: string) =>
    offeredModels(listed(modelTable), 'claude-opus-4-8', now).find(({ model }) => model.id === id)?.cheaper;

  it('say where a newer one of the line costs less, for the same text and at its higher rates', () => {
    assert.deepEqual(cheaper('claude-opus-4-8'), { name: 'Opus 5.5', percent: 20 });
    assert.deepEqual(cheaper('claude-fable-5-1'), { name: 'Fable 5.2', percent: 20 });
    // A third less a token, but of a text it makes 30 % more of them.
    assert.deepEqual(cheaper('claude-sonnet-4-6'), { name: 'Sonnet 5.5', percent: 13 });
    // Above 100k tokens it costs half, not a tenth.
    assert.deepEqual(cheaper('claude-haiku-4-5'), { name: 'Haiku 5.5', percent: 35 });
  });

  it('say nothing where the newer one costs as much or more, or a price is not known', () => {
    for (const id of ['claude-opus-5-5', 'claude-sonnet-5', 'claude-mythos-5']) assert.equal(cheaper(id), null, id);
    const unpriced = offeredModels(
      listed([modelOf('claude-opus-4-8'), { ...modelOf('claude-opus-5-5'), prices: null }]),
      '',
      now,
    );
    assert.deepEqual(
      unpriced.map((one) => one.cheaper),
      [null, null],
    );
    // It does not cost less than one of another line.
    assert.equal(offer(['claude-opus-4-7', 'claude-haiku-5-5'])[1]?.cheaper ?? null, null);
  });

  it('say when one retires within 60 days, and leave out what has retired but for the default', () => {
    const at = (id: string, retiresAt: number) => ({ model: modelOf(id), retiresAt });
    const offered = offeredModels(
      [
        at('claude-opus-4-8', now - day),
        at('claude-sonnet-4-5', now + 60 * day),
        at('claude-haiku-4-5', now + 60 * day + 1),
        at('claude-opus-4-7', now),
      ],
      'claude-opus-4-8',
      now,
    );
    assert.deepEqual(
      offered.map(({ model, retiresAt }) => [model.name, retiresAt]),
      [
        ['Opus 4.8', now - day],
        ['Sonnet 4.5', now + 60 * day],
        ['Haiku 4.5', null],
      ],
    );
  });
});
