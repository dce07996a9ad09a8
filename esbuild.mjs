// Builds the extension: host (CommonJS, node), the store's worker, and the webview (ESM, browser) apart.
//   node esbuild.mjs              what ships
//   node esbuild.mjs --tests      and the tests, file by file, with the sources that they import
//   node esbuild.mjs --watch      rebuilds on change
//   node esbuild.mjs --production minified, without source maps
// `test/mutants` builds with the same targets in a process of its own.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

const common = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  minify: production,
  sourcemap: production ? false : 'linked',
  target: ['node20', 'es2022'],
};

const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };

/** `extension.js` stays small: everything it loads on first use lives in `host.js`. */
const loadedOnFirstUse = {
  name: 'loaded-on-first-use',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/host\/compose$/ }, () => ({ path: './host.js', external: true }));
  },
};

/** So that the panel is one file: what it needs at first comes at once, the others when they are asked for. */
const askedFor = {
  name: 'asked-for',
  setup(plugin) {
    plugin.onResolve({ filter: /\/(highlight|imageResize|copyMarkdown|editParts)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path)}.js`, external: true } : undefined,
    );
  },
};

/** A browser shows the blanks before a line of a template as little as those of the code around it. */
const withoutIndent = {
  name: 'without-indent',
  setup(plugin) {
    plugin.onLoad({ filter: /src[\\/]webview[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/\n[ \t]+/g, '\n'),
      loader: 'ts',
    }));
  },
};

/** A part that draws does so by the panel's own templates and language. */
const byThePanel = {
  name: 'by-the-panel',
  setup(plugin) {
    plugin.onResolve({ filter: /^lit-html$|\/language$/ }, () => ({ path: './panel.js', external: true }));
  },
};

/** Of the font's 600 icons the stylesheets name those whose names are words of the sources. */
const namedIcons = {
  name: 'named-icons',
  setup(plugin) {
    plugin.onLoad({ filter: /codicon\.css$/ }, ({ path }) => {
      const files = sources('src').map((file) => readFileSync(join(root, file), 'utf8'));
      const words = new Set(
        files.flatMap((text) => text.replaceAll('codicon-', ' ').match(/[a-z0-9]+(?:-[a-z0-9]+)*/g) ?? []),
      );
      const contents = readFileSync(path, 'utf8').replace(/^\.codicon-([\w-]+):before \{[^}]*\}\n?/gm, (rule, name) =>
        words.has(name) ? rule : '',
      );
      return { contents, loader: 'css' };
    });
  },
};

const browser = {
  ...common,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  outdir: 'dist/webview',
  plugins: [askedFor, withoutIndent],
};

/** What ships. */
export const targets = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [loadedOnFirstUse],
  },
  { ...node, entryPoints: ['src/host/compose.ts'], outfile: 'dist/host.js', external: ['vscode'] },
  { ...node, entryPoints: ['src/host/store/worker.ts'], outfile: 'dist/storeWorker.js' },
  { ...browser, entryPoints: { panel: 'src/webview/main.ts' } },
  {
    ...browser,
    entryPoints: {
      usage: 'src/webview/usage/main.ts',
      highlight: 'src/webview/markdown/highlight.ts',
      imageResize: 'src/webview/dom/imageResize.ts',
      copyMarkdown: 'src/webview/dom/copyMarkdown.ts',
    },
  },
  {
    ...browser,
    entryPoints: { editParts: 'src/webview/edits/editParts.ts' },
    plugins: [byThePanel, withoutIndent],
  },
  // Each with all that it imports; the font of the icons lies beside it.
  {
    ...browser,
    entryPoints: ['media/panel.css', 'media/usage.css'],
    external: ['./codicon.ttf*'],
    plugins: [namedIcons],
  },
];

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => `${folder}/${file.toString().replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
}

const isForBrowser = (file) => file.includes('/browser/');

/** The first is copied to where nothing else lies; the second imports a module by its address. */
const alone = ['test/vscode/agent.ts', 'test/mutants/run.ts'];

/** The tests and what they test, file by file: what several of them use is loaded, and held, once a process. */
function moduleTarget() {
  const { bundle: _, ...rest } = node;
  const tests = sources('test').filter((file) => !isForBrowser(file) && !alone.includes(file));
  return {
    ...rest,
    entryPoints: [...sources('src'), ...tests, 'test/panel/themes.json'],
    loader: { '.json': 'copy' },
    // Else Node.js would take `import('./x')` as an address, which names a file to the letter.
    supported: { 'dynamic-import': false },
    outbase: '.',
    outdir: 'dist',
    minify: false,
    sourcemap: 'inline',
    sourcesContent: false,
  };
}

/** Each of these test files is an entry of its own; packages stay in node_modules. */
export function testTarget(entryPoints) {
  return {
    ...node,
    entryPoints,
    outbase: 'test',
    outdir: 'dist/test',
    packages: 'external',
    external: ['vscode'],
    minify: false,
    sourcemap: 'inline',
    sourcesContent: false,
  };
}

/** Scripts that tests load into a browser page live in folders named `browser`. */
export function browserTestTarget() {
  return {
    ...common,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    entryPoints: sources('test').filter(isForBrowser),
    outbase: 'test',
    outdir: 'dist/test',
    minify: false,
    sourcemap: 'inline',
    sourcesContent: false,
  };
}

export function copyAssets() {
  mkdirSync(join(root, 'dist/webview'), { recursive: true });
  cpSync(join(root, 'node_modules/@vscode/codicons/dist/codicon.ttf'), join(root, 'dist/webview/codicon.ttf'));
}

const modulesBuilt = 'dist/modules.json';

/** What a file's output was made from: itself, this script and the packages. */
function stateOf(file) {
  return [file, 'esbuild.mjs', 'package-lock.json', 'tsconfig.json']
    .map((one) => statSync(join(root, one)))
    .map(({ mtimeMs, size }) => `${mtimeMs} ${size}`)
    .join(', ');
}

const outputOf = (file) => join(root, 'dist', file.replace(/\.ts$/, '.js'));

/** Removes what an earlier build has left, but for the modules whose sources are as they were, which it gives back. */
function clean() {
  const kept = {};
  if (flags.has('--tests') && existsSync(join(root, modulesBuilt))) {
    const before = JSON.parse(readFileSync(join(root, modulesBuilt), 'utf8'));
    for (const [file, state] of Object.entries(before)) {
      if (!existsSync(outputOf(file))) continue;
      if (existsSync(join(root, file)) && stateOf(file) === state) kept[file] = state;
      else rmSync(outputOf(file));
    }
  }
  const isKept = Object.keys(kept).length > 0;
  for (const name of existsSync(join(root, 'dist')) ? readdirSync(join(root, 'dist')) : [])
    if (!isKept || (name !== 'src' && name !== 'test')) rmSync(join(root, 'dist', name), { recursive: true });
  return kept;
}

async function main() {
  const kept = flags.has('--watch') ? {} : clean();
  copyAssets();
  const wanted = [...targets];
  const modules = moduleTarget();
  const states = () => Object.fromEntries(modules.entryPoints.map((file) => [file, stateOf(file)]));
  const built = flags.has('--tests') && !flags.has('--watch') ? states() : null;
  if (flags.has('--tests')) {
    wanted.push({ ...modules, entryPoints: modules.entryPoints.filter((file) => kept[file] === undefined) });
    wanted.push(testTarget(alone));
    const browser = browserTestTarget();
    if (browser.entryPoints.length > 0) wanted.push(browser);
  }
  const present = wanted.filter((target) =>
    Object.values(target.entryPoints).every((file) => existsSync(join(root, file))),
  );
  if (flags.has('--watch')) {
    await Promise.all(present.map(async (target) => (await context({ ...target, logLevel: 'info' })).watch()));
  } else {
    await Promise.all(present.map((target) => build(target)));
    if (built !== null) writeFileSync(join(root, modulesBuilt), JSON.stringify(built));
  }
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) await main();
