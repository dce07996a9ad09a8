import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { profiles } from '../fakeClaude/tokens';
import { repoRoot } from '../vscode/paths';
import { type Bench, figure } from './bench';
import { boundOf, leastPriceOf } from './cost/bound';
import { dissect, sumOf } from './cost/dissect';
import { play } from './cost/player';
import { tell } from './cost/story';
import { readTrace } from './cost/trace';

export const costBench: Bench = {
  name: 'cost',
  about: 'input money of whole traces',
  async run() {
    const folder = join(repoRoot(), 'test', 'bench', 'traces');
    const figures = [];
    const only = process.env['ONLY'];
    const verbose = process.env['VERBOSE'] === '1';
    for (const file of readdirSync(folder)) {
      if (only !== undefined && !only.split(',').includes(file.replace('.json', ''))) continue;
      const trace = readTrace(join(folder, file));
      const start = Date.now();
      const story = await tell(trace);
      const images = process.env['IMAGES'] !== 'lose';
      const bound = boundOf(story, { profile: profiles.middle, appendedImagesKeepCache: images });
      const least = boundOf(story, { profile: profiles.middle, appendedImagesKeepCache: images, price: leastPriceOf });
      const told = Date.now();
      const played = await play(trace, { profile: 'middle', appendedImagesKeepCache: images });
      const times = story.turns.flatMap(({ steps }) => steps.map(({ at }) => at));
      if (JSON.stringify(times) !== JSON.stringify(played.times))
        console.log('TIMES DIFFER', times.join(), played.times.join());
      const { parts, lines } = dissect(played.requests, { profile: profiles.middle, appendedImagesKeepCache: images });
      console.log(`\n${trace.name}: ${told - start} + ${Date.now() - told} ms; ${times.length} requests`);
      const r = Math.round;
      for (const [part, paid] of Object.entries(parts)) {
        const b = (bound as unknown as Record<string, number>)[part] ?? 0;
        console.log(
          `  ${part.padEnd(8)} ours ${String(r(sumOf(paid))).padStart(7)} bound ${String(r(b)).padStart(7)} excess ${String(r(sumOf(paid) - b)).padStart(6)}   read ${r(paid.read)} 5m ${r(paid.write5m)} 1h ${r(paid.write1h)} plain ${r(paid.plain)}`,
        );
      }
      if (verbose) for (const line of lines) console.log(line);
      const ratios = played.asked.filter((a) => a.inConversation > 1).map((a) => (a.shown.askUsd ?? 0) / a.billedUsd);
      console.log('  ask', ratios.map((x) => x.toFixed(2)).join(' '));
      console.log(
        '  all ours',
        (played.inputUsd / 5) * 1e6,
        'bound',
        bound.all,
        'least',
        least.all,
        'ours/least',
        ((played.inputUsd / 5) * 1e6) / least.all,
      );
      figures.push(figure(`${trace.name}: ours ÷ bound`, ((played.inputUsd / 5) * 1e6) / bound.all, '×', 1.06));
    }
    return figures;
  },
};
