/** How much a streamed answer is looked at, in characters: time says little on a busy machine. */
import assert from 'node:assert/strict';
import { type LinkTable, lex, lexRun } from '../../../src/webview/markdown/lex';
import { MarkdownStream } from '../../../src/webview/markdown/stream';
import { longBlocks, mixedText } from '../../bench/light/texts';

const deltaCharacters = 48;

/** Items with items in them. */
function nested(count: number): string {
  const items = Array.from({ length: count }, (_, n) => [
    `- **Step ${n}**: what comes first\n`,
    `  - a part with \`code${n}\` in it\n`,
    '  - another one, and a [link](https://example.com/a_b)\n',
  ]);
  return items.flat().join('');
}

type Method = (this: string, ...given: readonly unknown[]) => unknown;

/** Characters that the methods of strings and patterns look at while `work` is done; comparisons do not count. */
function charactersLookedAt(work: () => void): number {
  let looked = 0;
  const text = String.prototype as unknown as Record<string | symbol, Method>;
  const costs: readonly (readonly [string | symbol, (text: string, first: unknown, from: unknown) => number])[] = [
    ['charAt', () => 1],
    ['charCodeAt', () => 1],
    ['codePointAt', () => 1],
    ['trim', (whole) => whole.length],
    ['replace', (whole) => whole.length],
    ['replaceAll', (whole) => whole.length],
    ['split', (whole) => whole.length],
    ['match', (whole) => whole.length],
    ['matchAll', (whole) => whole.length],
    ['includes', (whole) => whole.length],
    [Symbol.iterator, (whole) => whole.length],
    ['indexOf', (whole, _found, from) => whole.length - (typeof from === 'number' ? from : 0)],
  ];
  const originals = costs.map(([name]) => text[name] as Method);
  const { exec } = RegExp.prototype;
  for (const [index, [name, cost]] of costs.entries()) {
    const original = originals[index] as Method;
    text[name] = function (this: string, ...given) {
      looked += name === 'indexOf' ? 0 : cost(this, given[0], given[1]);
      const found = original.apply(this, [...given]);
      // Up to what it finds.
      if (name === 'indexOf')
        looked += found === -1 ? cost(this, given[0], given[1]) : Number(found) - (Number(given[1]) || 0);
      return found;
    };
  }
  RegExp.prototype.exec = function (this: RegExp, whole: string) {
    looked += whole.length;
    return exec.call(this, whole);
  };
  try {
    work();
  } finally {
    for (const [index, [name]] of costs.entries()) text[name] = originals[index] as Method;
    RegExp.prototype.exec = exec;
  }
  return looked;
}

/** For each character of a text that streams. Its end is one lexing of the whole, which does not count. */
function perCharacter(whole: string): number {
  const looked = charactersLookedAt(() => {
    const stream = new MarkdownStream();
    for (let end = deltaCharacters; end < whole.length; end += deltaCharacters)
      stream.update(whole.slice(0, end), false);
  });
  return looked / whole.length;
}

describe('An answer that streams (L18)', () => {
  const kinds: Readonly<Record<string, (characters: number) => string>> = {
    'code of many lines': (characters) => `\`\`\`ts\n${'const value = await load(1);\n'.repeat(characters / 29)}`,
    'code in one line': (characters) => `\`\`\`js\n${'a=b;'.repeat(characters / 4)}`,
    'code whose line may close its fence': (characters) => `\`\`\`\n${'`'.repeat(characters)}`,
    'a later line that may close it': (characters) => `\`\`\`\n${'x\n'.repeat(50)}${'`'.repeat(characters)}`,
    'code whose line closes it, but for its end': (characters) => `~~~\n~~~${' '.repeat(characters)}`,
    'indented code of blank lines': (characters) => `  \`\`\`\n${'    \n'.repeat(characters / 5)}`,
  };

  for (const [name, of] of Object.entries(kinds)) {
    it(`is looked at a few times, however much there is: ${name}`, () => {
      const [short, long] = [perCharacter(of(25_000)), perCharacter(of(100_000))];
      assert.ok(long <= 8, `each character is looked at ${long} times`);
      assert.ok(long <= short * 1.2, `${short} times in 25,000 characters, ${long} in 100,000`);
    });
  }

  const answers: Readonly<Record<string, string>> = {
    'every kind of block': mixedText(100_000, 160),
    'one list': longBlocks(100_000).list,
    'one table': longBlocks(100_000).table,
    'one block of code': longBlocks(100_000).fence,
    'a list with others in it': nested(1000),
    'a loose list': longBlocks(100_000).list.replaceAll('\n', '\n\n'),
    'one paragraph of many lines': longBlocks(8000).list.replaceAll(/- item|\[|\]/g, 'word'),
    'one paragraph that is too long': longBlocks(100_000).list.replaceAll('- item', 'word'),
  };

  for (const [name, whole] of Object.entries(answers)) {
    it(`is lexed at most three times, the last whole time included: ${name}`, () => {
      let lexed = 0;
      const counted =
        <T>(way: (source: string, links: LinkTable) => T) =>
        (source: string, links: LinkTable): T => {
          lexed += source.length;
          return way(source, links);
        };
      const stream = new MarkdownStream({ whole: counted(lex), run: counted(lexRun) });
      for (let end = 25; end < whole.length + 25; end += 25) stream.update(whole.slice(0, end), false);
      const before = stream.blocks.map(({ token }) => token);
      stream.update(whole, true);
      assert.ok(lexed <= 3 * whole.length, `${lexed / whole.length} characters lexed for each one of the text`);
      const replaced = stream.blocks.filter(
        ({ token }, at) => before[at] !== token && token.type !== 'code' && token.type !== 'plain',
      );
      assert.equal(replaced.length, 0, `${replaced[0]?.token.type} came out otherwise at the end`);
    });
  }

  it('shows the code as the whole text has it, wherever a piece ends', () => {
    const texts = [
      '```ts\nconst a = 1;\n\n  indented\n```\nafter',
      '  ```\n  a\n b\n    c\n\n  ```\n',
      '~~~~\n~~~\n~~~~~ x\n   ~~~~   \n',
      '````\n```\n``` `\n    ````\n ````',
      `\`\`\`\n${Array.from({ length: 90 }, (_, n) => `line ${n}\n`).join('')}\`\`\`\n`,
    ];
    for (const text of texts) {
      const whole = new MarkdownStream();
      whole.update(text, true);
      const wanted = whole.blocks[0]?.token;
      for (const size of [1, 2, 3, 7, 1000]) {
        const stream = new MarkdownStream();
        for (let end = size; end < text.length; end += size) {
          stream.update(text.slice(0, end), false);
          const open = stream.blocks[0]?.token;
          if (open?.type === 'openCode' && 'chunks' in open && wanted !== undefined && 'text' in wanted) {
            const shown = (open['chunks'] as readonly string[]).join('');
            assert.ok(
              `${wanted.text}\n`.startsWith(shown),
              `${JSON.stringify(shown)} of ${JSON.stringify(wanted.text)}`,
            );
          }
        }
        stream.update(text, true);
        const texts = ({ blocks }: MarkdownStream) => blocks.map(({ token }) => ('text' in token ? token.text : null));
        assert.deepEqual(texts(stream), texts(whole));
      }
    }
  });

  it('starts anew with a text that is another: told by its end, and wherever it differs when all came anew', () => {
    const stream = new MarkdownStream();
    const shown = () => stream.blocks.map(({ token }) => token.raw).join('');
    stream.update('one two', false);
    stream.update('one, two, three', false);
    assert.equal(shown(), 'one, two, three');
    const long = 'word '.repeat(400);
    stream.update(`a ${long}`, false);
    stream.doubt();
    stream.update(`b ${long} end`, false);
    assert.equal(shown().slice(0, 6), 'b word');
    stream.update(`c ${long}`, true);
    assert.equal(shown().slice(0, 6), 'c word');
  });
});
