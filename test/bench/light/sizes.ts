/** What ships, in bytes: built as it is for a release, into memory. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { repoRoot } from '../../vscode/paths';

/** One file of the build. */
interface Output {
  /** From the root: `dist/host.js`. */
  readonly path: string;
  readonly bytes: number;
  /** As it is in a package. */
  readonly deflated: number;
  /** What is loaded with it, other than on first use. */
  readonly imports: readonly string[];
}

/** Runs with the root as its folder, where `esbuild.mjs` is. */
const script = `
  import { deflateRawSync } from 'node:zlib';
  import { build } from 'esbuild';
  import { iconFont, targets } from './esbuild.mjs';
  const outputs = [];
  for (const target of targets) {
    const { metafile, outputFiles } = await build({ ...target, write: false, metafile: true });
    const paths = Object.keys(metafile.outputs);
    for (const path of paths) {
      const { contents } = outputFiles.find((file) => file.path.replaceAll('\\\\', '/').endsWith(path));
      const imports = metafile.outputs[path].imports.filter(({ kind }) => kind === 'import-statement');
      const deflated = deflateRawSync(contents).length;
      outputs.push({ path, bytes: contents.length, deflated, imports: imports.map((one) => one.path) });
    }
  }
  const font = iconFont();
  outputs.push({ path: 'dist/webview/codicon.ttf', bytes: font.length, deflated: deflateRawSync(font).length, imports: [] });
  process.stdout.write(JSON.stringify(outputs));
`;

async function productionBuild(): Promise<readonly Output[]> {
  // The folder stands where the script's name would: it is no flag, and there is no such file to run.
  const args = ['--input-type=module', '-e', script, '.', '--production'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repoRoot(), maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as readonly Output[];
}

/** Bytes of each. */
export interface Sizes {
  readonly thinEntry: number;
  readonly host: number;
  /** The panel's, with all that is loaded with it. */
  readonly panel: number;
  /** The package, within a few hundredths. */
  readonly vsix: number;
}

/** Bytes at most. */
export const mostBytes: Sizes = { thinEntry: 20_000, host: 900_000, panel: 250_000, vsix: 600_000 };

export async function shippedSizes(): Promise<Sizes> {
  const outputs = await productionBuild();
  const output = (path: string): Output => {
    const found = outputs.find((one) => one.path === path);
    if (found === undefined) throw new Error(`there is no ${path}`);
    return found;
  };
  const loaded = (path: string, before = new Set<string>()): ReadonlySet<string> => {
    if (!before.has(path)) {
      before.add(path);
      for (const other of output(path).imports) loaded(other, before);
    }
    return before;
  };
  const panel = [...loaded('dist/webview/panel.js')].reduce((sum, path) => sum + output(path).bytes, 0);
  const built = outputs.reduce((sum, { path, deflated }) => sum + deflated + entryBytes(path), 0);
  const others = otherFiles().reduce(
    (sum, { path, bytes }) => sum + deflateRawSync(bytes).length + entryBytes(path),
    0,
  );
  return {
    thinEntry: output('dist/extension.js').bytes,
    host: output('dist/host.js').bytes,
    panel,
    vsix: built + others,
  };
}

/** Beside its content a file of a zip has its name twice, and what is said of it. */
function entryBytes(path: string): number {
  return 2 * `extension/${path}`.length + 92;
}

/** What ships as it is. */
function otherFiles(): readonly { readonly path: string; readonly bytes: Buffer }[] {
  const root = repoRoot();
  const inFolder = (folder: string, wanted: (name: string) => boolean): readonly string[] =>
    readdirSync(join(root, folder))
      .filter((name) => wanted(name) && statSync(join(root, folder, name)).isFile())
      .map((name) => (folder === '' ? name : `${folder}/${name}`));
  const top = /^(package(\.nls.*)?\.json|(README|CHANGELOG|SECURITY)\.md|LICENSE)$/;
  const read = (path: string) => ({ path, bytes: readFileSync(join(root, path)) });
  return [
    ...inFolder('', (name) => top.test(name)),
    ...inFolder('media', (name) => /\.(svg|png)$/.test(name)),
    ...inFolder('media/walkthrough', (name) => name.endsWith('.md')),
  ].map(read);
}
