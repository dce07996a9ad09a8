import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tests as commonMark } from 'commonmark-spec';
import { Lexer } from 'marked';
import { highlight } from '../../../src/webview/markdown/highlight';
import { type LinkTable, lex, lexRun } from '../../../src/webview/markdown/lex';
import { codeFits, limits } from '../../../src/webview/markdown/limits';
import { MarkdownStream } from '../../../src/webview/markdown/stream';
import { type Hostile, hostileBlocks, hostileRuns } from '../../bench/hostileMarkdown';
import { gfmExamples } from '../../panel/gfmExamples';
import { repoRoot } from '../../vscode/paths';

const examples = [...commonMark.map(({ markdown }) => markdown.replaceAll('→', '\t')), ...gfmExamples];

/** The texts of the recorded answers; none where the folder beside the repository is missing. */
function recordedTexts(): readonly string[] {
  const folder = join(repoRoot(), '..', 'shared', 'recorded');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:sse|txt|jsonl?)$/.test(name))
    .map((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/"(?:text|thinking)":\s*("(?:\\.|[^"\\])*")/g)]
        .map(([, text]) => JSON.parse(text ?? '""') as string)
        .join(''),
    );
}

function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The types of the tokens at the top. */
function types(text: string): readonly string[] {
  return lex(text, {}).tokens.map(({ type }) => type);
}

describe('The bounds of Markdown (L62)', function () {
  this.timeout(120_000);

  it('format in full what CommonMark and GitHub show, and every recorded answer', () => {
    for (const text of [...examples, examples.join('\n\n'), ...recordedTexts()])
      assert.equal(lex(text, {}).limited, false, text);
  });

  it('change no token of what is within them', () => {
    // CommonMark's example of emphasis within a number: in an answer about code it is a product.
    const meant = ['5*6*78\n'];
    for (const text of examples.filter((one) => !/<(?:a|pre|code|script)\b/i.test(one) && !meant.includes(one)))
      assert.equal(JSON.stringify(lex(text, {}).tokens), JSON.stringify(new Lexer({ gfm: true }).lex(text)));
  });

  it('are far above what people write', () => {
    const links = Array.from({ length: 100 }, (_, n) => `[link ${n}](https://example.com/${n})`).join(', ');
    const codes = Array.from({ length: 200 }, (_, n) => `\`value${n}\``).join(' ');
    const nested = Array.from({ length: 10 }, (_, n) => `${'  '.repeat(n)}- level ${n}`).join('\n');
    const quoted = `${'> '.repeat(10)}deep`;
    const prose = 'Some words of a very long paragraph. '.repeat(1000);
    const poem = 'A line of a poem\n'.repeat(300);
    const code = `- an item\n  - with code\n\n    \`\`\`ts\n${'    const value = await load(1);\n'.repeat(3000)}    \`\`\`\n`;
    const definitions = Array.from({ length: 1000 }, (_, n) => `[ref${n}]: https://example.com/page/${n}`).join('\n');
    const table = `${'| head '.repeat(100)}|\n${'| - '.repeat(100)}|\n${`${'| cell '.repeat(100)}|\n`.repeat(100)}`;
    const list = 'an item with **bold** words\n'.replace(/^/, '- ').repeat(3000);
    for (const text of [links, codes, nested, quoted, prose, poem, code, definitions, table, list])
      assert.equal(lex(text, {}).limited, false, text.slice(0, 60));
  });

  it('take the item, the cell or the paragraph that is beyond, and leave those around it', () => {
    const much = '**a'.repeat(limits.marks);
    assert.deepEqual(types(`# A\n\n${'> '.repeat(40)}b\n\nc`), [
      'heading',
      'space',
      'blockquote',
      'space',
      'paragraph',
    ]);
    const list = JSON.stringify(lex(`- *a*\n- ${'- '.repeat(40)}b\n- *c*`, {}).tokens);
    assert.equal(list.split('"plain"').length, 2);
    assert.equal(list.split('"em"').length, 3);
    const table = JSON.stringify(lex(`| a | b |\n| - | - |\n| *c* | ${much} |\n| *d* | e |`, {}).tokens);
    assert.equal(table.split('"plain"').length, 2);
    assert.equal(table.split('"em"').length, 3);
    const text = JSON.stringify(lex(`*a*\n\n${much}\n\n*b*`, {}).tokens);
    assert.equal(text.split('"plain"').length, 2);
    assert.equal(text.split('"em"').length, 3);
  });

  it('keep the words of what they take', () => {
    for (const hostile of [...hostileRuns, ...hostileBlocks]) {
      const source = hostile.of(300);
      const raw = lex(source, {})
        .tokens.map((token) => token.raw)
        .join('');
      assert.equal(raw.replace(/\s/g, ''), source.replace(/\s/g, ''), hostile.name);
    }
  });

  function takesLittle(hostile: Hostile, characters: number, ms: number): void {
    const times = Math.ceil(characters / (hostile.of(200).length / 200));
    const source = hostile.of(times);
    const took = cpuOf(() => lex(source, {}));
    assert.ok(took < ms, `${hostile.name}: ${took.toFixed(0)} ms for ${source.length} characters`);
  }

  it('hold for 60,000 characters of whatever takes long: 13.5 s were spent on `**a`', () => {
    for (const hostile of [...hostileRuns, ...hostileBlocks]) takesLittle(hostile, 60_000, 2500);
  });

  it('hold for an address that ends in what is none, and for a text that has one @ at its end', () => {
    for (const text of [`www.a${')'.repeat(50_000)}`, `${'a.'.repeat(40_000)}@`])
      assert.ok(cpuOf(() => lex(text, {})) < 1000, text.slice(0, 10));
  });

  it('leave an address as text that ends in what is none, and short rows of a table that would be filled up', () => {
    const address = lex(`www.a.b${')'.repeat(20_000)}`, {});
    assert.ok(!JSON.stringify(address.tokens).includes('"link"'));
    const head = `|${'a|'.repeat(200)}\n|${'-|'.repeat(200)}\n`;
    assert.deepEqual(types(`${head}${'|a|\n'.repeat(90)}`), ['table']);
    assert.deepEqual(types(`${head}${'|a|\n'.repeat(110)}`), ['plain']);
  });

  it('hold for a quote that is read again and again: each line without its mark continues what is in it', () => {
    const quote = (lines: number): string => '> - a\nb\n'.repeat(lines);
    assert.equal(lex(quote(10), {}).limited, false);
    assert.equal(lex(quote(4000), {}).limited, true);
  });

  it('take a numbered list in a quote in an item, and a line that continues it', () => {
    const { tokens, limited } = lex('- Note:\n  > 2. two\ngoes on', {});
    assert.equal(limited, false);
    const [list] = tokens;
    assert.equal(list?.type, 'list');
    assert.ok(JSON.stringify(list).includes('two\\ngoes on'));
  });

  it('leave code without colours that is long, or nests without end', () => {
    assert.equal(codeFits('const a = 1;\n'.repeat(1500), 'ts'), true);
    for (const code of ['a '.repeat(2000), `${'x = '.repeat(300)}\n`, 'let a;\n'.repeat(4000)])
      assert.equal(codeFits(code, 'csharp'), false);
    assert.equal(codeFits('${'.repeat(2000), 'shell'), false);
    for (const language of ['typescript', 'bash', 'r'])
      for (const pattern of ['{', '(', '[', '${', '`${', '"#{'])
        assert.doesNotThrow(() => highlight(`${pattern.repeat(300)}\n`.repeat(30), language), `${language} ${pattern}`);
    assert.notEqual(highlight('const a = 1;', 'typescript'), null);
  });

  it('show a text as it is when the lexer fails, and go on with the next', () => {
    let fails = true;
    const failing =
      <T>(way: (source: string, known: LinkTable) => T) =>
      (source: string, known: LinkTable): T => {
        if (fails) throw new RangeError('Maximum call stack size exceeded');
        return way(source, known);
      };
    const stream = new MarkdownStream({ whole: failing(lex), run: failing(lexRun) });
    const shown = (): readonly (readonly [string, string])[] =>
      stream.blocks.map(({ token }) => [token.type, token.raw] as const);
    stream.update('*a*', false);
    assert.deepEqual(shown(), [['plain', '*a*']]);
    stream.update('*a* and', false);
    assert.deepEqual(shown(), [['plain', '*a* and']]);
    fails = false;
    stream.update('*a* and so', true);
    assert.deepEqual(shown(), [['paragraph', '*a* and so']]);
    fails = true;
    stream.update('Another', true);
    assert.deepEqual(shown(), [['plain', 'Another']]);
  });
});
