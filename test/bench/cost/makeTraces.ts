/** Writes the traces of `npm run bench -- cost`: node dist/test/bench/cost/makeTraces.js. The same every time. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../../vscode/paths';
import { someTraces } from './someTraces';

for (const trace of someTraces()) {
  const file = join(repoRoot(), 'test', 'bench', 'traces', `${trace.name}.json`);
  writeFileSync(file, `${JSON.stringify(trace)}\n`);
}
