/** What is found in a whole conversation: the words as they are shown, and nothing of how they are written. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ChatFinder } from '../../../../src/core/transcript/findInChat';
import { shownWords } from '../../../../src/core/transcript/shownWords';
import { onDemand } from '../../../../src/host/session/onDemand';
import { emptyChat, type Item, type Part, targetKey, type UserItem } from '../../../../src/shared/chat';
import type { ProposedChange } from '../../../../src/shared/edits';
import { blockEnd, type FindQuery } from '../../../../src/shared/find';
import { filled } from '../../../../src/shared/phrase';
import { answer, compaction, shortTools, text, tool, user } from '../../../panel/chats';
import { cpuClock } from '../../cpuClock';

const finder = () => new ChatFinder(({ text: words, args }) => filled(words, args ?? []));
const query = (words: string, more: Partial<FindQuery> = {}): FindQuery => ({
  text: words,
  matchCase: false,
  wholeWord: false,
  ...more,
});
const found = async (items: readonly Item[], words: string, more: Partial<FindQuery> = {}) =>
  (await finder().find(items, query(words, more))).places.map(({ place, count }) => `${place} ${count}`);

describe('The words of Markdown', () => {
  const kinds: Readonly<Record<string, readonly [markdown: string, words: readonly string[]]>> = {
    'emphasis, code, escapes': [
      'a **bold _and_** `co*de` 5~7 snake_case \\*x\\* ~~gone~~',
      ['a bold and co*de 5~7 snake_case *x* gone'],
    ],
    'emphasis beside scripts without blanks (L63)': [
      '**注意：**请 これは**重要。**です は**「太字」**は **`npm`**を **중요(필)**은 ~~取消。~~了',
      ['注意：请 これは重要。です は「太字」は npmを 중요(필)은 取消。了'],
    ],
    'stars and underscores that are no emphasis (L63)': [
      '2*3*4 2**8 or 3**2, src/**/*.ts and lib/**/*.js, packages/*, apps/*, __init__.py',
      ['2*3*4 2**8 or 3**2, src/**/*.ts and lib/**/*.js, packages/*, apps/*, __init__.py'],
    ],
    'folders, powers and comments (L63)': [
      'src/__tests__/a.ts __mocks__/ as __bold__, x**2 + y**2 = z**2, **Step**1, /* a */ x /* b */ **c/** d',
      ['src/__tests__/a.ts __mocks__/ as bold, x**2 + y**2 = z**2, Step1, /* a */ x /* b */ c/ d'],
    ],
    'powers and products of letters and calls (L63)': [
      'x**n + y**m, a*b*c, n*log(n) + m*log(m) but **b**old *or* I**t**',
      ['x**n + y**m, a*b*c, n*log(n) + m*log(m) but bold or It'],
    ],
    'bars in the code of a cell, and more cells than there are (L63)': [
      '| a | `b|c` |\n| - | - |\n| `x | y` | z |\n| 1 | 2 | 3 |',
      ['a', 'b|c', 'x | y', 'z', '1', '2 | 3'],
    ],
    'formulas (L63)': [
      '$\\int f\\,dx$ and $a^*$ *b*\n$$\na & b \\\\\n+ c\n$$\nthen **d** for $5 or \\(x\\)\n\n\\[\n- *e*\n\\]',
      ['$\\int f\\,dx$ and $a^*$ b', '$$\na & b \\\\\n+ c\n$$', 'then d for $5 or \\(x\\)', '\\[\n- *e*\n\\]'],
    ],
    'links, pictures, addresses': [
      'see [the guide](https://a.b/c "t") ![pic](x.png) <https://d.e> [ref][r] [r] [^1]\n\n[r]: https://f.g',
      ['see the guide pic (x.png) https://d.e ref r [^1]'],
    ],
    footnotes: ['So.[^1]\n\n[^1]: One\n[^2]: Two', ['So.', 'One', 'Two']],
    'footnotes side by side': ['A![^1][^b] [c][^1] [^d]\n\n[^1]: One\n[^B]: *Two*', ['A! [c] [^d]', 'One', 'Two']],
    'headings, rules, quotes': ['# One #\nTwo\n===\n---\n> quo*ted*\n> on', ['One', 'Two', 'quoted\non']],
    'lists and tasks': ['- a\n- [x] **b**\n  1. c\n     more\n\n  d', ['a', 'b', 'c\nmore', 'd']],
    'code blocks': [
      'x\n\n```ts\nconst *a* = 1;\n\n  b\n```\ny\n\n    in *dent*',
      ['x', 'const *a* = 1;\n\n  b', 'y', 'in *dent*'],
    ],
    'a code block in an item': ['- a\n  ~~~\n  **x**\n    y\n  ~~~\n- b', ['a', '**x**\n  y', 'b']],
    tables: ['| a | **b** |\n| - | :-: |\n| c \\| d | `e`<br>f |\nend', ['a', 'b', 'c | d', 'e\nf', 'end']],
    'characters that are written': ['&lt;a&gt; &#65; &nope; <b>x</b> \\(x\\)', ['<a> A &nope; <b>x</b> \\(x\\)']],
  };
  for (const [name, [markdown, words]] of Object.entries(kinds))
    it(`are those that are read: ${name}`, () => {
      assert.deepEqual(shownWords(markdown).split(blockEnd), words);
    });

  it('are taken in time that grows with the text', () => {
    const ms = (one: string, times: number): number => {
      const source = one.repeat(times);
      const took = cpuClock();
      shownWords(source);
      return took();
    };
    for (const one of [
      '[',
      '](',
      '[a](b "',
      '`a``',
      '*a _',
      '\\(',
      '![',
      '<a:',
      '&',
      '> - ',
      '|a|\n',
      '[a]: b\n',
      '**',
    ]) {
      ms(one, 2000);
      const [short, long] = [ms(one, 2500), ms(one, 50_000)];
      assert.ok(long < 100 * Math.max(short, 5), `${one}: ${short} and ${long} ms`);
    }
  });

  const blanks = (count: number): string => ' '.repeat(count);
  const whole: Readonly<Record<string, (count: number) => string>> = {
    'blanks in a line': (count) => `a${blanks(count)}b`,
    'blanks in a heading': (count) => `# a${blanks(count)}b`,
    'items in items': (count) => `${'- '.repeat(count / 2)}x`,
    'what is no line below the head of a table': (count) => `p\n-${blanks(count)}x|`,
    'the same behind a mark': (count) => `p\n|${blanks(count)}x`,
    'blanks before an address': (count) => `[a](${blanks(count)}x`,
    'blanks behind an address': (count) => `[a](x "t"${blanks(count)}y`,
    'links in links': (count) => '['.repeat(count / 5) + '](x)'.repeat(count / 5),
    'pictures in pictures': (count) => '!['.repeat(count / 6) + '](x)'.repeat(count / 6),
    'lines of code that is quoted deep': (count) => `${'> '.repeat(count / 4)}\`\`\`\n${'\n'.repeat(count / 2)}`,
  };
  for (const [name, of] of Object.entries(whole))
    it(`are taken in time that grows with the text: ${name}`, () => {
      const ms = (count: number): number => {
        const source = of(count);
        const took = cpuClock();
        shownWords(source);
        return took();
      };
      ms(1000);
      const [short, long] = [ms(10_000), ms(100_000)];
      assert.ok(long <= 30 * Math.max(short, 5), `${short} and ${long} ms`);
    });
});

describe('Finding in a conversation', () => {
  const items: readonly Item[] = [
    user('u1', 'Why does retryLogin run twice?'),
    answer('u1', [
      ...shortTools,
      text('a', 'The **retry** in `retryLogin`:\n\n```ts\nretryLogin(3); // RetryLogin\n```'),
    ]),
    compaction({ id: 'c1', summary: 'retry*Login* was it' }),
    user('u2', 'Thanks'),
    answer('u2', [text('b', 'Retry it.')]),
  ];

  it('looks through questions, answers, code, thinking, lines of tools and summaries, in their order', async () => {
    assert.deepEqual(await found(items, 'RETRYLOGIN'), [
      'user/u1 1',
      'answer/u1/t3 1',
      'answer/u1/a 3',
      'compaction/c1 1',
    ]);
    assert.deepEqual(await found(items, 'login.ts first'), ['answer/u1/th 1']);
  });

  it('looks through texts that were sent along, pasted ones too, and through none that is gone', async () => {
    const sent = (id: string, mediaType: string) => ({ kind: 'document', id, label: 'First', mediaType }) as const;
    const question = {
      ...user('u', 'The bug is here.'),
      attachments: [
        ...[sent('a', 'text/plain'), sent('gone', 'text/plain'), sent('pdf', 'application/pdf')],
        { kind: 'selection', id: 'src/a.ts:3', label: 'a.ts:3-9' } as const,
      ],
    };
    const read = async ({ attachments }: UserItem, index: number) => {
      const { id } = attachments[index] ?? {};
      return id === 'gone' ? null : `A bug in ${id}, another BUG`;
    };
    const { places } = await new ChatFinder(({ text: words }) => words, read).find([question], query('bug'));
    assert.deepEqual(
      places.map(({ place, count }) => `${place} ${count}`),
      ['user/u 1', 'user/u/a 2', 'user/u/src/a.ts:3 2'],
    );
  });

  /** Questions with a text each, of so many characters; one in ten has the word. */
  const withTexts = (count: number, length: number) => {
    const attachment = (id: string) => ({ kind: 'document', id, label: 'First', mediaType: 'text/plain' }) as const;
    const items: Item[] = [];
    const texts = new Map<string, string>();
    for (let n = 0; n < count; n += 1) {
      items.push({ ...user(`u${n}`, `Ask ${n}`), attachments: [attachment(`t${n}`)] });
      texts.set(`t${n}`, `${n % 10 === 0 ? 'needles' : 'needy'} ${'of a text '.repeat(length / 10)}`);
    }
    const state = { ...emptyChat('c'), items };
    let bytes = 0;
    const read = async (id: string): Promise<Uint8Array> => {
      const text = new TextEncoder().encode(texts.get(id));
      bytes += text.length;
      return text;
    };
    const all = [...texts.values()].reduce((sum, text) => sum + text.length, 0);
    return {
      all,
      chat: onDemand(
        () => state,
        () => [],
        read,
      ),
      bytes: () => bytes,
    };
  };

  it('reads each attached text once for a word, however many letters it has', async () => {
    const { all, chat, bytes } = withTexts(200, 2000);
    const counts: number[] = [];
    for (const words of ['n', 'ne', 'nee', 'need', 'needl', 'needle', 'needl', 'need'])
      counts.push((await chat.find({ type: 'find', conversation: 'c', ...query(words) }, undefined)).places.length);
    assert.deepEqual(counts, [200, 200, 200, 200, 20, 20, 20, 200]);
    assert.equal(bytes(), all);
  });

  it('opens no text that did not have the letters before, though there be more than are kept', async () => {
    const { all, chat, bytes } = withTexts(200, 80_000);
    const look = async (words: string) => chat.find({ type: 'find', conversation: 'c', ...query(words) }, undefined);
    assert.equal((await look('needl')).places.length, 20);
    const first = bytes();
    assert.equal(first, all);
    assert.equal((await look('needle')).places.length, 20);
    assert.ok(bytes() - first < all / 10, `${bytes() - first} of ${all} bytes are read for another letter`);
  });

  it('is called off by the next letter', async () => {
    const { all, chat, bytes } = withTexts(200, 80_000);
    const calling = new AbortController();
    const looking = chat.find({ type: 'find', conversation: 'c', ...query('n') }, calling.signal);
    await new Promise((resolve) => setImmediate(resolve));
    calling.abort();
    assert.equal((await looking).more, true, 'it is not told to be all');
    assert.ok(bytes() < all / 2, `${bytes()} of ${all} bytes are read all the same`);
    assert.equal(
      (await chat.find({ type: 'find', conversation: 'c', ...query('needle') }, undefined)).places.length,
      20,
    );
  });

  it('finds the same whatever was looked for before', async () => {
    const words = ['Straße', 'STRASSE', 'a  b', 'ab', '\u{1f469}\u200d\u{1f467}', 'İstanbul', 'naïve', 'Why not'];
    const items: readonly Item[] = words.flatMap((one, n) => [
      user(`u${n}`, `${one} ${words[(n + 3) % words.length]}`),
      answer(`u${n}`, [text(`p${n}`, `**${one}** and \`${words[(n + 1) % words.length]}\``)]),
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...words),
        fc.array(
          fc.record({
            from: fc.constantFrom(0, 0, 1),
            to: fc.nat(8),
            matchCase: fc.boolean(),
            wholeWord: fc.nat(3).map((n) => n === 0),
            off: fc.nat(3).map((n) => n === 0),
          }),
          { minLength: 2, maxLength: 8 },
        ),
        async (word, looks) => {
          const one = finder();
          for (const { from, to, off, ...how } of looks) {
            const wanted = query(word.slice(from, from + to), how);
            const signal = off ? AbortSignal.abort() : undefined;
            const { places } = await one.find(items, wanted, [], signal);
            if (!off) assert.deepEqual(places, (await finder().find(items, wanted)).places, wanted.text);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves out what is not shown: a short thought alone, a call on a card, what an excluded call gave back', async () => {
    const thought = (durationMs: number | null): Part => ({
      ...{ type: 'thinking', key: 'th', text: 'needle', open: false, durationMs },
    });
    const lines = [{ change: 'opened', path: 'a.ts', linesAdded: 0, linesRemoved: 0 }] as const;
    const sent: Item = { type: 'context', id: 'c1', at: 0, lines };
    const ask = user('u', 'Why?');
    const running = { outcome: null, endedAt: null } as const;
    assert.deepEqual(await found([ask, answer('u', [thought(1999)])], 'needle'), []);
    assert.deepEqual(await found([ask, answer('u', [thought(2000)])], 'needle'), ['answer/u/th 1']);
    assert.deepEqual(await found([ask, answer('u', [thought(null)])], 'needle'), ['answer/u/th 1']);
    assert.deepEqual(await found([ask, answer('u', [thought(9)], running)], 'needle'), ['answer/u/th 1']);
    assert.deepEqual(await found([ask, answer('u', [thought(9), tool('t', {})])], 'needle'), ['answer/u/th 1']);
    assert.deepEqual(await found([sent, ask, answer('u', [thought(9)])], 'needle'), ['answer/u/th 1']);

    const proposed = { path: 'a.ts', added: 1, removed: 0, hunks: [] } as unknown as ProposedChange;
    const label = { text: 'needle' };
    const asks = tool('t', {
      ...{ status: 'asks', label, summary: null },
      approval: { kind: 'write', files: [], spans: [], proposed },
    });
    assert.deepEqual(await found([ask, answer('u', [asks], running)], 'needle'), []);

    const call = [ask, answer('u', [tool('e1:0', { label, summary: label })])];
    const out = [targetKey({ what: 'result', entry: 'e1', index: 0 })];
    const same = finder();
    const count = async (excluded: readonly string[]) =>
      (await same.find(call, query('needle'), excluded)).places.map((one) => one.count);
    assert.deepEqual([await count([]), await count(out), await count([])], [[2], [1], [2]]);
  });

  it('takes case and whole words where they are asked for', async () => {
    assert.deepEqual(await found(items, 'RetryLogin', { matchCase: true }), ['answer/u1/a 1']);
    assert.deepEqual(await found(items, 'retry', { wholeWord: true }), ['answer/u1/a 1', 'answer/u2/b 1']);
    assert.deepEqual(await found([user('u', 'größe Größen über-groß')], 'größe', { wholeWord: true }), ['user/u 1']);
  });

  it('takes what is typed to the letter, blanks as any blanks, and nothing across two blocks', async () => {
    const written = [answer('u', [text('a', 'a.b  c\nd\n\ne axb')])];
    assert.deepEqual(await found(written, 'a.b c d'), ['answer/u/a 1']);
    assert.deepEqual(await found(written, 'd e'), []);
    assert.deepEqual(await found(written, 'a.b'), ['answer/u/a 1']);
    assert.deepEqual(await found(written, '   '), []);
  });

  it('looks again only at what has changed', async () => {
    let read = 0;
    const watched = new ChatFinder(({ text: words }) => {
      read += 1;
      return words;
    });
    const first = answer('u1', [tool('t', { label: { text: 'login' }, summary: null })]);
    await watched.find([first], query('login'));
    const after = [first, answer('u2', [tool('t', { label: { text: 'login' }, summary: null })])];
    assert.equal((await watched.find(after, query('login'))).places.length, 2);
    assert.equal(read, 2);
    await watched.find(after, query('other'));
    assert.equal(read, 4);
  });

  it('counts up to a bound, and says that there is more', async () => {
    const { places, more } = await finder().find([user('u', 'a'.repeat(30_000))], query('a'));
    assert.deepEqual([places[0]?.count, more], [20_000, true]);
  });

  it('takes time that grows with the text, whatever is looked for', async () => {
    const blanks = [user('u', `a${' '.repeat(200_000)}`)];
    const took = cpuClock();
    for (const words of ['a b', ' b', 'a  b c', ' ']) await finder().find(blanks, query(words));
    assert.ok(took() < 1000);
  });

  it('takes such time for what is cited, too', async () => {
    const citations = [{ url: 'https://a.b', title: 'A', text: '' }];
    const took = cpuClock();
    for (const words of [`${' '.repeat(50_000)}x`, '@'.repeat(50_000), `x\n${' \n'.repeat(25_000)}@y `])
      assert.deepEqual(
        await found([answer('u', [{ ...text('a', `${words} y`), citations }])], 'y').then((all) => all.length),
        1,
      );
    assert.ok(took() < 1000);
  });
});
