/** The record of a conversation of so many turns, each with what its tools gave back. */
import type { Entry } from '../../../src/core/record/record';
import { PathMaker, text, thinking, toolUse } from '../../unit/core/prompt/paths';
import { mixedText } from './texts';

const output = Array.from({ length: 300 }, (_, n) => `${n}: const value${n} = await load(${n});`).join('\n');

/** A turn asks, thinks, reads two files of some 10 KB, and answers with 1.5 KB of Markdown. */
export function longPath(turns: number): readonly Entry[] {
  const maker = new PathMaker();
  const said = mixedText(1500, 1);
  for (let n = 0; n < turns; n += 1) {
    const calls = [`a${n}`, `b${n}`];
    maker
      .user(`Question ${n}: why is that?`)
      .assistant([thinking('I look at both files first.'), ...calls.map((id) => toolUse(id))]);
    for (const id of calls) maker.result(id, output);
    maker.assistant([text(said)]).end();
  }
  return maker.entries;
}
