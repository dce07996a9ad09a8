import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LanguageQuestion } from '../../../../src/host/workspace/language/facts';
import { SymbolPlaces } from '../../../../src/host/workspace/language/symbolPlaces';
import { type TempWorkspace, tempWorkspace } from '../../workspace/tempWorkspace';

describe('Names in answers', () => {
  let temp: TempWorkspace;
  before(() => {
    temp = tempWorkspace({
      files: {
        'src/cart.ts': 'export class Cart {\n  add() {}\n}\n',
        'src/list.ts': 'export class List {\n  add() {}\n}\n',
        '.gitignore': 'dist\n',
        'dist/cart.js': 'class Cart {}',
      },
    });
  });
  after(() => temp.remove());

  const symbol = (name: string, path: string, line: number, containerName = '', kind = 4) => ({
    ...{ name, kind, containerName },
    location: {
      uri: pathToFileURL(join(temp.folder, path)),
      range: { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: 1 } },
    },
  });
  const all = () => [
    symbol('Cart', 'src/cart.ts', 1),
    symbol('Cart', 'dist/cart.js', 1),
    symbol('Cart', '../elsewhere.ts', 1),
    symbol('add()', 'src/cart.ts', 2, 'Cart', 5),
    symbol('add', 'src/list.ts', 2, 'List', 5),
    symbol('addAll', 'src/list.ts', 1, 'List', 5),
  ];

  /** A window whose services say this; null: they hang. */
  function windowOf(answer: (question: LanguageQuestion) => unknown) {
    const asked: string[] = [];
    const clock = { now: 0 };
    const symbols = new SymbolPlaces(
      {
        ask: async (question) => {
          asked.push(question.ask === 'symbols' ? question.query : question.ask);
          return await answer(question);
        },
      },
      temp.workspace,
      () => clock.now,
      { answer: 1_000, together: 1_500 },
    );
    return { symbols, asked, clock };
  }

  it('lead to what has exactly this name in a file of the workspace, whatever the services call it', async () => {
    const { symbols } = windowOf(all);
    const places = async (name: string) => (await symbols.of(name)).map(({ path, line }) => `${path}:${line}`);
    assert.deepEqual(await places('Cart'), ['src/cart.ts:1']);
    assert.deepEqual(await places('add'), ['src/cart.ts:2', 'src/list.ts:2']);
    assert.deepEqual(await places('Cart.add'), ['src/cart.ts:2']);
    assert.deepEqual(await places('shop::List#add(item)'), ['src/list.ts:2']);
    for (const name of ['cart', 'ad', 'Basket.add', 'Cart.addAll', '', '()']) assert.deepEqual(await places(name), []);
  });

  it('are asked for once, until a file changes or a minute has passed; what is not there is asked for again', async () => {
    const { symbols, asked, clock } = windowOf(all);
    assert.deepEqual(await symbols.defined(['Cart', 'Cart', 'nothing']), ['Cart']);
    await symbols.defined(['Cart', 'nothing']);
    assert.deepEqual(asked, ['Cart', 'nothing', 'nothing']);
    symbols.changed();
    await symbols.defined(['Cart']);
    clock.now += 61_000;
    await symbols.defined(['Cart']);
    assert.deepEqual(asked.slice(3), ['Cart', 'Cart']);
  });

  it('are not kept where a file has changed while they were asked for', async () => {
    const answers = Promise.withResolvers<unknown>();
    const { symbols, asked } = windowOf(() => answers.promise);
    const first = symbols.defined(['Cart']);
    symbols.changed();
    answers.resolve(all());
    await first;
    await symbols.defined(['Cart']);
    assert.equal(asked.length, 2);
  });

  it('are no links where no service answers, where one fails, hangs or says what is no symbol', async () => {
    for (const answer of [undefined, [], [{ name: 'Cart' }, 7, null], 'Cart'])
      assert.deepEqual(await windowOf(() => answer).symbols.defined(['Cart']), []);
    const failing = windowOf(() => Promise.reject(new Error('No project')));
    assert.deepEqual(await failing.symbols.defined(['Cart']), []);
    const hanging = windowOf(({ ...question }) =>
      'query' in question && question.query === 'Cart' ? all() : new Promise(() => {}),
    );
    const names = ['Cart', ...Array.from({ length: 49 }, (_, n) => `other${n}`)];
    const since = performance.now();
    assert.deepEqual(await hanging.symbols.defined(names), ['Cart']);
    assert.ok(performance.now() - since < 8_000);
    assert.ok(hanging.asked.length < 20, `${hanging.asked.length} of fifty were asked for`);
  });

  it('are asked for no more while four that were given up go on, and again when one has ended', async () => {
    const hanging: (() => void)[] = [];
    const { symbols, asked } = windowOf(() => new Promise((resolve) => hanging.push(() => resolve([]))));
    const names = Array.from({ length: 12 }, (_, n) => `name${n}`);
    assert.deepEqual(await symbols.defined(names), []);
    assert.equal(asked.length, 4);
    await symbols.of('other');
    assert.equal(asked.length, 4);
    hanging[0]?.();
    await symbols.of('other');
    assert.equal(asked.length, 5);
  });

  it('are no links where too many have them', async () => {
    const many = Array.from({ length: 21 }, (_, n) => symbol('id', 'src/cart.ts', n + 1));
    assert.deepEqual(await windowOf(() => many.slice(1)).symbols.defined(['id']), ['id']);
    assert.deepEqual(await windowOf(() => many).symbols.defined(['id']), []);
  });
});
