/** How long a streamed answer takes to lex and lay out, against doing the whole text again at each delta. */
import { renderMarkdown } from '../../src/webview/markdown/render';
import { MarkdownStream } from '../../src/webview/markdown/stream';
import { type Bench, compare, figure } from './bench';

const passage = `## What happens

The retry comes from \`src/login.ts:6\`: *login* wraps **session.open** in [retry](https://example.com) with two attempts.

1. A thrown error is swallowed, so a wrong password is tried twice as well.
2. \`login\` returns \`false\` only when both attempts threw.

| Attempt | Waits | Then |
| --- | ---: | --- |
| 1 | 100 ms | tries again |
| 2 | – | gives up |

\`\`\`ts
const token = await retry(() => session.open(name, password), 2);
\`\`\`

`;

const deltaCharacters = 48;

function text(characters: number): string {
  return passage.repeat(Math.ceil(characters / passage.length)).slice(0, characters);
}

function stream(whole: string): void {
  const streamed = new MarkdownStream();
  for (let end = deltaCharacters; end < whole.length; end += deltaCharacters)
    streamed.update(whole.slice(0, end), false);
  streamed.update(whole, true);
}

/** What a panel does that keeps nothing: the whole text at each delta. */
function renderEachTime(whole: string): void {
  for (let end = deltaCharacters; end < whole.length; end += deltaCharacters) renderMarkdown(whole.slice(0, end));
  renderMarkdown(whole);
}

export const markdownBench: Bench = {
  name: 'markdown',
  about: 'time to take in a streamed answer in deltas of 48 characters',
  async run() {
    const answer = text(100_000);
    const half = text(50_000);
    const short = text(20_000);
    return [
      figure(
        '20 KB streamed ÷ rendering the whole at each delta',
        compare(
          5,
          () => stream(short),
          () => renderEachTime(short),
        ),
        '×',
        0.2,
      ),
      figure(
        '100 KB streamed ÷ 50 KB streamed',
        compare(
          9,
          () => stream(answer),
          () => stream(half),
        ),
        '×',
        2.8,
      ),
    ];
  },
};
