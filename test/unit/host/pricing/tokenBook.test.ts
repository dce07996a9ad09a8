/** What was learnt of tokens and answers: kept for the next conversation, shared by windows, without a word of what was said. */
import assert from 'node:assert/strict';
import { turnPrior } from '../../../../src/core/cost/turnPrior';
import { modelOf } from '../../../../src/core/models/models';
import { firstFactor } from '../../../../src/core/models/tokens';
import type { Store } from '../../../../src/core/record/store';
import { toolDefinitions, tools } from '../../../../src/core/tools/all';
import { TokenCalibrationStore } from '../../../../src/host/pricing/tokenCalibrationStore';
import { file, haiku, opus, PathMaker, sonnet, text, toolUse } from '../../core/prompt/paths';

const toolsJson = JSON.stringify(toolDefinitions(tools));
const secret = 'theSecretOfTheFile';

class Values implements Pick<Store, 'getValue' | 'setValue'> {
  readonly values = new Map<string, string>();
  failing = false;

  async getValue(key: string): Promise<string | null> {
    if (this.failing) throw new Error('the disk refuses');
    return this.values.get(key) ?? null;
  }

  async setValue(key: string, value: string | null): Promise<void> {
    if (value === null) this.values.delete(key);
    else this.values.set(key, value);
  }
}

function book(store: Values, baseUrl = 'https://one', warnings: string[] = []): TokenCalibrationStore {
  const log = { info: () => undefined, warn: (words: string) => void warnings.push(words), error: () => undefined };
  return new TokenCalibrationStore(store, log, { access: async () => ({ apiKey: 'k', baseUrl, headers: {} }) });
}

/** A turn whose request had a third more tokens than would be thought. */
function turn(model = opus, output = 700): PathMaker {
  const maker = new PathMaker().snapshot(file('a.ts', `const ${secret} = 1; // and so on\n`.repeat(500))).user('Why?');
  const usage = { input: 0, cacheRead: 0, cacheWrite5m: 16_000, cacheWrite1h: 0, output };
  return maker.assistant([text('Because.')], { usage, model, effort: 'high' }).end();
}

describe('What was learnt of tokens', () => {
  it('is there in the next window, turns by effort, and holds no word of what was said', async () => {
    const store = new Values();
    const first = book(store);
    await first.load();
    assert.deepEqual(first.factorOf(opus), firstFactor(opus));
    await first.learnTurn(turn().entries, modelOf(opus), 'high', toolsJson);
    assert.ok(first.factorOf(opus) > firstFactor(opus) * 1.1);
    const second = book(store);
    await second.load();
    assert.deepEqual(second.factorOf(opus), first.factorOf(opus));
    assert.deepEqual(second.factorOf(sonnet), firstFactor(sonnet));
    assert.deepEqual(second.turnsOf('high'), [{ model: opus, output: 700, steps: 0, added: 0 }]);
    assert.deepEqual(second.turnsOf('low'), []);
    assert.ok(![...store.values.values()].join().includes(secret));
  });

  it('is not lost when two windows learn, each of its own turns', async () => {
    const store = new Values();
    const [one, other] = [book(store), book(store)];
    await Promise.all([one.load(), other.load()]);
    await one.learnTurn(turn().entries, modelOf(opus), 'high', toolsJson);
    await other.learnTurn(turn(sonnet, 300).entries, modelOf(sonnet), 'high', toolsJson);
    const third = book(store);
    await third.load();
    assert.notDeepEqual(third.factorOf(opus), firstFactor(opus));
    assert.deepEqual(
      third.turnsOf('high').map(({ model }) => model),
      [opus, sonnet],
    );
  });

  it('keeps the last fifty turns of each effort, with their steps and what these added', async () => {
    const store = new Values();
    const learning = book(store);
    for (let output = 1; output <= 52; output += 1) {
      await learning.learnTurn(turn(opus, output).entries, modelOf(opus), 'high', toolsJson);
    }
    const outputs = learning.turnsOf('high').map(({ output }) => output);
    assert.deepEqual([outputs.length, outputs[0], outputs.at(-1)], [50, 3, 52]);
    const usage = { input: 0, cacheRead: 16_000, cacheWrite5m: 500, cacheWrite1h: 0, output: 30, searches: 1 };
    const first = { input: 0, cacheRead: 0, cacheWrite5m: 16_000, cacheWrite1h: 0, output: 100 };
    const maker = new PathMaker().snapshot(file('a.ts', 'a')).user('Why?');
    maker.assistant([toolUse('x')], { usage: first, model: opus, effort: 'low' }).result('x');
    maker.assistant([text('So.')], { usage, model: opus, effort: 'low' }).end();
    await learning.learnTurn(maker.entries, modelOf(opus), 'low', toolsJson);
    assert.deepEqual(learning.turnsOf('low'), [{ model: opus, output: 130, steps: 1, added: 500, searches: 1 }]);
    await learning.learnTurn(maker.entries, modelOf(sonnet), 'max', toolsJson);
    await learning.learnTurn(maker.entries, modelOf(opus), 'max', toolsJson);
    assert.deepEqual(learning.turnsOf('max'), [], 'of another model, or of another effort');
  });

  it('begins anew where the store has something else, and does without a store that refuses', async () => {
    for (const value of ['', 'null', '{"learnt":{"m":{"squares":[1]}},"answers":{}}', '[]', '{"learnt":3}']) {
      const store = new Values();
      store.values.set('tokenBook', value);
      const learning = book(store);
      await learning.load();
      assert.deepEqual(learning.factorOf(opus), firstFactor(opus), value);
      await learning.learnTurn(turn().entries, modelOf(opus), 'high', toolsJson);
      assert.notDeepEqual(learning.factorOf(opus), firstFactor(opus), value);
    }
    const warnings: string[] = [];
    const store = new Values();
    store.failing = true;
    const learning = book(store, 'https://one', warnings);
    await learning.load();
    await learning.learnTurn(turn().entries, modelOf(opus), 'high', toolsJson);
    assert.equal(warnings.length, 2);
    assert.equal(learning.factorOf('constructor'), firstFactor('constructor'));
  });

  it('keeps the answers of an earlier version, which did not say how many steps they took', async () => {
    const learnt = { [opus]: { squares: Array<number>(10).fill(0.5), products: [1, 2, 3, 4] } };
    const answers = {
      [`${opus} high`]: [
        { output: 900, stepsUsd: 0.01, stepsTokens: 4_000 },
        { output: 800, stepsUsd: null, stepsTokens: 0 },
      ],
      [`${haiku} `]: [{ output: 50, stepsUsd: 0, stepsTokens: 0 }],
    };
    const store = new Values();
    store.values.set('tokenBook', JSON.stringify({ learnt, answers }));
    const learning = book(store);
    await learning.load();
    assert.equal(learning.factorOf(opus), firstFactor(opus));
    const { usual, stepTokens } = turnPrior;
    const kept = [
      { model: opus, output: 900, steps: usual.steps, added: usual.steps * stepTokens },
      { model: opus, output: 800, steps: 0, added: 0 },
    ];
    assert.deepEqual(learning.turnsOf('high'), kept);
    assert.deepEqual(learning.turnsOf(null), [{ model: haiku, output: 50, steps: 0, added: 0 }]);
    await learning.learnTurn(turn().entries, modelOf(opus), 'high', toolsJson);
    assert.notEqual(learning.factorOf(opus), firstFactor(opus));
    const again = book(store);
    await again.load();
    assert.deepEqual(again.turnsOf('high'), [...kept, { model: opus, output: 700, steps: 0, added: 0 }]);
  });

  it('knows which answers came in this window, and from where', async () => {
    const learning = book(new Values());
    const maker = turn();
    const answer = maker.entries.find(({ kind }) => kind === 'assistant');
    assert.ok(answer);
    assert.equal(learning.wasSent(answer.id, 'https://one'), false);
    await learning.learnTurn(maker.entries, modelOf(opus), 'high', toolsJson);
    assert.equal(learning.wasSent(answer.id, 'https://one'), true);
    assert.equal(learning.wasSent(answer.id, 'https://other'), false);
  });
});
