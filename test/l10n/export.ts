/**
 * `npm run l10n`: all texts of the product for a translator, into `.cache/l10n`. VS Code's own tool takes them from the
 * sources (`@vscode/l10n-dev`, fetched when it is run: nothing else needs it, and it brings a hundred packages). It knows
 * `l10n.t` alone, so each source is given to it with its other texts written so. What it finds is held against what the
 * sources make, and a language that nobody speaks is written beside it (`panel/pseudo` shows the panel in it).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nls } from '../texts';
import { repoRoot } from '../vscode/paths';
import { allTexts, pseudo, pseudoWords } from './texts';

const folder = join(repoRoot(), '.cache', 'l10n');
const sources = join(folder, 'sources');

function write(name: string, value: unknown): void {
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

rmSync(folder, { recursive: true, force: true });
const all = allTexts();
for (const { file, source, texts } of all) {
  if (texts.length === 0) continue;
  const path = join(sources, file);
  mkdirSync(dirname(path), { recursive: true });
  const ofVsCode = source.includes('vscode.l10n.t(');
  const calls = texts.map((text) => `l10n.t(${JSON.stringify(text)});\n`).join('');
  writeFileSync(path, ofVsCode ? source : `import * as l10n from '@vscode/l10n';\n${calls}`);
}
const { status } = spawnSync('npx', ['--yes', '@vscode/l10n-dev@0.0.35', 'export', '--outDir', folder, sources], {
  cwd: folder,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (status !== 0) throw new Error('Could not run @vscode/l10n-dev.');
const found = Object.keys(JSON.parse(readFileSync(join(folder, 'bundle.l10n.json'), 'utf8')) as object);
const missing = Object.keys(pseudoWords()).filter((text) => !found.includes(text));
const hidden = all.flatMap((one) => one.hidden.map((written) => `${one.file}: ${written}`));
write('bundle.l10n.qps-ploc.json', pseudoWords());
write('package.nls.qps-ploc.json', Object.fromEntries(Object.entries(nls).map(([key, text]) => [key, pseudo(text)])));
for (const text of missing) process.stderr.write(`Not found: ${text}\n`);
for (const text of hidden) process.stderr.write(`No literal: ${text}\n`);
process.stdout.write(`${found.length} texts, and ${Object.keys(nls).length} of package.nls.json, are in ${folder}\n`);
process.exit(missing.length + hidden.length === 0 ? 0 : 1);
