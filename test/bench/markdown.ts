/** How long a streamed answer takes to lex and lay out, against doing the whole text again at each delta. */
import { lex } from '../../src/webview/markdown/lex';
import { runFits } from '../../src/webview/markdown/limits';
import { renderBlocks } from '../../src/webview/markdown/render';
import { MarkdownStream } from '../../src/webview/markdown/stream';
import { type Bench, compare, figure } from './bench';
import { type Hostile, hostileRuns } from './hostileMarkdown';

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

/** Answers that are one long block: where work could grow with what is there already. */
function longBlocks(kilobytes: number): Readonly<Record<string, string>> {
  const upTo = (lines: string): string => lines.slice(0, kilobytes * 1000);
  const count = kilobytes * 30;
  const row = (n: number): string => `| row ${n} | ${n} | some words in a cell |\n`;
  return {
    list: upTo(Array.from({ length: count }, (_, n) => `- item ${n}: some **bold** words about it\n`).join('')),
    table: upTo(`| a | b | c |\n| - | -: | - |\n${Array.from({ length: count }, (_, n) => row(n)).join('')}`),
    code: upTo(
      `\`\`\`ts\n${Array.from({ length: count }, (_, n) => `const value${n} = await load(${n});\n`).join('')}`,
    ),
  };
}

/** A text that is complete, rendered whole. */
function renderMarkdown(text: string): unknown {
  const stream = new MarkdownStream();
  stream.update(text, true);
  return renderBlocks(stream.blocks);
}

/** What a panel does that keeps nothing: the whole text at each delta. */
function renderEachTime(whole: string): void {
  for (let end = deltaCharacters; end < whole.length; end += deltaCharacters) renderMarkdown(whole.slice(0, end));
  renderMarkdown(whole);
}

/** The longest text of this kind that is formatted. */
function longestAdmitted({ of }: Hostile): string {
  let [fits, beyond] = [1, 200_000];
  while (beyond - fits > 1) {
    const middle = Math.floor((fits + beyond) / 2);
    if (runFits(of(middle))) fits = middle;
    else beyond = middle;
  }
  return of(fits);
}

/** ms of CPU, the least of three. */
function cpuMs(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 3; time += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** The run of text that takes longest among those that are formatted. */
function slowestRun(): { readonly name: string; readonly ms: number } {
  return hostileRuns
    .map((hostile) => {
      const text = longestAdmitted(hostile);
      return { name: hostile.name, ms: cpuMs(() => lex(text, {})) };
    })
    .reduce((slowest, one) => (one.ms > slowest.ms ? one : slowest));
}

export const markdownBench: Bench = {
  name: 'markdown',
  about: 'time to take in a streamed answer in deltas of 48 characters',
  async run() {
    const answer = text(100_000);
    const half = text(50_000);
    const short = text(20_000);
    const growth = (name: string, whole: string, part: string) =>
      figure(
        `100 KB of ${name} streamed ÷ 50 KB`,
        compare(
          5,
          () => stream(whole),
          () => stream(part),
        ),
        '×',
        3,
      );
    const slowest = slowestRun();
    const [long, shorter] = [longBlocks(100), longBlocks(50)];
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
      growth('mixed text', answer, half),
      figure(`the slowest text that is formatted (${slowest.name})`, slowest.ms, 'ms of CPU', 50),
      ...Object.entries(long).map(([name, whole]) => growth(`one ${name}`, whole, shorter[name] ?? '')),
    ];
  },
};
