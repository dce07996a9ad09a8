/** Markdown as people and models write it, where the rules of GFM would say something else than is meant. */
import assert from 'node:assert/strict';
import { answer, chat, text, user } from './chats';
import { type PanelBench, PanelPage, startBench } from './panelPage';

/** What is written, and the text that is shown of it; with tags where those matter. */
const cases: readonly (readonly [what: string, source: string, shown: string | RegExp])[] = [
  ['ranges with a tilde', 'Between 5~7 and 100~200 of them', 'Between 5~7 and 100~200 of them'],
  ['about with a tilde', '~100 or ~200', '~100 or ~200'],
  ['struck text', 'not ~~this~~ that', /not <del>this<\/del> that/],
  [
    'bold with its colon before a Chinese word',
    '**注意：**请 **说明：**Node.js',
    /<strong>注意：<\/strong>请 <strong>说明：<\/strong>N/,
  ],
  ['bold with its full stop before Kana', 'これは**重要。**です', /は<strong>重要。<\/strong>で/],
  [
    'bold quotes in a Japanese sentence',
    'は**「太字」**は、**"x"**の',
    /は<strong>「太字」<\/strong>は、<strong>"x"<\/strong>の/,
  ],
  ['bold code before Kana', '**`npm`**を', /<strong><code>npm<\/code><\/strong>を/],
  ['bold parentheses in a Korean word', '**중요(필)**은', /<strong>중요\(필\)<\/strong>은/],
  ['struck text before a Chinese word', '~~取消。~~了', /<del>取消。<\/del>了/],
  // CommonMark's own `5*6*78` is italic there: in an answer about code it is a product.
  ['products and powers', '2*3*4, 2**8 or 3**2, 2*x + 3*y', '2*3*4, 2**8 or 3**2, 2*x + 3*y'],
  [
    'patterns of paths',
    'src/**/*.ts and lib/**/*.js, packages/*, apps/*',
    'src/**/*.ts and lib/**/*.js, packages/*, apps/*',
  ],
  [
    'bold folders and words with a slash between them',
    '**src/**, **yes**/**no**',
    /<strong>src\/<\/strong>, <strong>yes<\/strong>\/<strong>no</,
  ],
  [
    'names with underscores',
    '__init__.py calls __init__() as __bold__ does',
    /__init__\.py calls __init__\(\) as <strong>bold</,
  ],
  [
    'folders with underscores',
    'src/__tests__/a.ts, `x` __mocks__/ and app/__fixtures__/x.json as __bold__ does',
    /^<p[^>]*>src\/__tests__\/a\.ts, <code>x<\/code> __mocks__\/ and app\/__fixtures__\/x\.json as <strong>bold<\/strong> does/,
  ],
  ['powers of names', 'x**2 + y**2 = z**2, r**2*pi, r**3', 'x**2 + y**2 = z**2, r**2*pi, r**3'],
  [
    'powers and products of letters and calls',
    'x**n + y**m, a*b*c, n*log(n) + m*log(m) but **b**old *or* I**t** and u*n*a',
    /^<p[^>]*>x\*\*n \+ y\*\*m, a\*b\*c, n\*log\(n\) \+ m\*log\(m\) but <strong>b<\/strong>old <em>or<\/em> I<strong>t<\/strong> and/,
  ],
  ['bold words before a figure', '**Step**1 and **a/** b', /<strong>Step<\/strong>1 and <strong>a\/<\/strong> b/],
  ['comments', '/* a */ x /* b */ and /** c */ y /** d */', '/* a */ x /* b */ and /** c */ y /** d */'],
  [
    'remotes of Git',
    'git@github.com:me/x.git or ssh://git@github.com/me/x',
    /^(?!.*<a )[\s\S]*git@github\.com:me\/x\.git/,
  ],
  [
    'bars in the code of a cell',
    '| a | b |\n| - | - |\n| `string | null` | use |',
    /<code>string \| null<\/code><\/td><td[^>]*>use<\/td>/,
  ],
  ['bars in the code of a header', '| `a|b` | c |\n| - | - |\n| 1 | 2 |', /<th[^>]*><code>a\|b<\/code><\/th>/],
  ['more cells than the header has', '| a | b |\n| - | - |\n| one | two | three |', /<td[^>]*>two \| three<\/td>/],
  [
    'commands in formulas',
    '$\\int f(x)\\,dx$, \\(\\int f\\,dx\\) and $\\{1,2\\}$',
    '$\\int f(x)\\,dx$, \\(\\int f\\,dx\\) and $\\{1,2\\}$',
  ],
  [
    'stars in formulas',
    '**where $a^*$ and $b^*$** is $O(n*m)$ … $O(n*k)$ *c $x*y$ d*',
    /<strong>where \$a\^\*\$ and \$b\^\*\$<\/strong> is \$O\(n\*m\)\$ … \$O\(n\*k\)\$ <em>c \$x\*y\$ d<\/em>/,
  ],
  [
    'formulas of several lines',
    'So:\n$$\na & b \\\\\n+ c\n$$\nand *b*',
    /<p[^>]*>\$\$\na &amp; b \\\\\n\+ c\n\$\$<\/p>[\s\S]*<em>b</,
  ],
  ['prices and variables', 'US$5 and $6 *a* $HOME, "$x" **b** "$y"', /<em>a<\/em> \$HOME, "\$x" <strong>b</],
  ['formulas in parentheses', 'where \\(x + y\\) is', 'where \\(x + y\\) is'],
  ['formulas in brackets', '\\[x = 2\\]', '\\[x = 2\\]'],
  ['formulas in dollars', 'costs $x$ or $$y$$', 'costs $x$ or $$y$$'],
  ['an escaped bracket alone', 'a \\[ b', 'a [ b'],
  ['versions', 'use react@18.2.0 here', /^(?!.*<a )[\s\S]*react@18\.2\.0/],
  ['an address of mail', 'ask a@b.org', /<a [^>]*href="mailto:a@b\.org"/],
  [
    'an address in a Chinese sentence',
    '见https://example.com/a，谢谢',
    /<a [^>]*href="https:\/\/example\.com\/a"[^>]*>[^<]*https:\/\/example\.com\/a[^<]*<\/a>，谢谢/,
  ],
  [
    'a footnote',
    'Said so.[^1]\n\n[^1]: https://example.com/page',
    /Said so\.<sup class="citation"[^>]*><a [^>]*data-note="1"[^>]*>1<\/a><\/sup><\/p>\s*<p class="footnote"[^>]*><sup[^>]*><a [^>]*>1<\/a><\/sup> <a href="https:\/\/example.com\/page"/,
  ],
  [
    'footnotes on consecutive lines',
    'So.[^1]\n\n[^1]: One\n[^2]: Two\n',
    /<\/sup> One<\/p>\s*<p class="footnote"[^>]*><sup[^>]*><a [^>]*>2<\/a><\/sup> Two/,
  ],
  [
    'a footnote of one word',
    'Said so.[^a]\n\n[^a]: Nowhere',
    /so\.<sup[^>]*><a [^>]*data-note="a"[\s\S]*<\/sup> Nowhere/,
  ],
  [
    'footnotes side by side, behind a mark and behind brackets',
    'So![^1][^b] as [said][^1]\n\n[^1]: One\n[^B]: *Two*',
    /So!<sup[^>]*><a [^>]*>1<\/a><\/sup><sup[^>]*><a [^>]*>b<\/a><\/sup> as \[said\]<sup[\s\S]*<\/sup> <em>Two/,
  ],
  ['what only looks like a footnote', 'Use [^abc] or `[^1]` here', /Use \[\^abc\] or <code>\[\^1\]<\/code> here/],
  ['raw HTML', 'a <b>bold</b> move<br>on', 'a <b>bold</b> move<br>on'],
  [
    'a break in bold, italics, struck text and a link of a cell',
    '| a |\n| - |\n| **one<br>*two<BR/>x*** ~~a<br />b~~ [c<br>d](https://x.org) |',
    /<strong>one<br><em>two<br>x<\/em><\/strong> <del>a<br>b<\/del> <a [^>]*>c<br>d<\/a>/,
  ],
  [
    'addresses in Korean, Japanese and Chinese sentences',
    [
      'https://example.com에서, https://example.com/docs에서 www.example.com은 https://example.com/docs/에서',
      'http://localhost:3000을 https://example.comを見て https://example.com/docsを参照 见https://example.com的',
    ].join(' '),
    new RegExp(
      [
        'com</a>에서',
        'docs</a>에서',
        'www.example.com</a>은',
        'docs/</a>에서',
        ':3000</a>을',
        'com</a>を見て',
        'docs</a>を参照',
        'com</a>的',
      ]
        .map((words) => `>[^<]*${words}`)
        .join('[\\s\\S]*'),
    ),
  ],
  [
    'addresses that have such letters themselves',
    'https://ko.wikipedia.org/wiki/한국 https://ko.wikipedia.org/wiki/C언어 https://zh.wikipedia.org/wiki/C语言 https://www.이마트.kr https://a日本.jp',
    /wiki\/한국<\/a>[\s\S]*wiki\/C언어<\/a>[\s\S]*wiki\/C语言<\/a>[\s\S]*이마트\.kr<\/a>[\s\S]*a日本\.jp<\/a>/,
  ],
  ['a break in a cell', '| a |\n| - |\n| one<br>two<br/>three |', /<td[^>]*>one<br>two<br>/],
];

/** Answers that one panel has in its page. */
const atOnce = 12;

describe('What is written', () => {
  let bench: PanelBench;
  let panel: PanelPage;

  before(async () => {
    bench = await startBench();
  });
  afterEach(async () => {
    const { problems } = panel;
    await panel.close();
    assert.deepEqual(problems, []);
  });

  it('is shown as it is meant: ranges, formulas, versions, addresses, footnotes, breaks in cells (L63)', async () => {
    for (let at = 0; at < cases.length; at += atOnce) {
      if (at > 0) await panel.close();
      await show(cases.slice(at, at + atOnce));
    }
  });

  const show = async (some: typeof cases): Promise<void> => {
    const items = some.flatMap(([what, source], index) => [
      user(`u${index}`, what),
      answer(`u${index}`, [text('a', source)]),
    ]);
    panel = await PanelPage.open(bench, { width: 260, state: chat(items) });
    const answers = panel.page.locator('.turn.answer .markdown');
    assert.equal(await answers.count(), some.length);
    for (const [index, [what, , shown]] of some.entries()) {
      const one = answers.nth(index);
      if (typeof shown === 'string')
        assert.ok((await one.innerText()).includes(shown), `${what}: ${await one.innerText()}`);
      else assert.match((await one.innerHTML()).replace(/<!--.*?-->/g, ''), shown, what);
    }
  };
});
