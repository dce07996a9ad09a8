// Builds the extension: host (CommonJS, node), the store's worker, and the webview (ESM, browser) apart.
//   node esbuild.mjs              what ships
//   node esbuild.mjs --tests      and the tests, file by file, with the sources that they import
//   node esbuild.mjs --watch      rebuilds on change
//   node esbuild.mjs --production minified, without source maps
// `test/mutants` builds with the same targets in a process of its own.
import {
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

const base = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  minify: production,
  sourcemap: production ? false : 'linked',
  target: ['node20', 'es2022'],
};

const node = { ...base, platform: 'node', format: 'cjs', target: 'node20' };

/** `extension.js` stays small: everything it loads on first use lives in `host.js`. */
const loadedOnFirstUse = {
  name: 'loaded-on-first-use',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/host\/compose$/ }, () => ({ path: './host.js', external: true }));
  },
};

/**
 * What the SDK's client imports and this extension never calls: its own reading of streams (the door reads them), files to
 * upload, keys out of files and the shell, and tracing, which is off. Whatever is called of it all the same throws, and says its name.
 */
const withoutUnused = {
  name: 'without-unused',
  setup(plugin) {
    const unused =
      /sdk[\\/](?:core[\\/]streaming|internal[\\/]to-file|lib[\\/](?:MessageStream|credentials[\\/](?:credential-chain|token-cache)|internal[\\/]tracing[\\/](?:content|streaming)))\.mjs$/;
    plugin.onLoad({ filter: unused }, ({ path }) => {
      const forms = /^export (?:async )?(function|class|const|var)\*? (\w+)/gm;
      const exported = [...readFileSync(path, 'utf8').matchAll(forms)];
      if (exported.length === 0) throw new Error(`${path} is not written as it was`);
      const refusals = exported.map(([, kind, name]) =>
        kind === 'const'
          ? `export const ${name} = [];`
          : `export function ${name}() { throw new Error('${name} is no part of this build'); }
             ${name}.createMessage = ${name};`,
      );
      return { contents: refusals.join('\n'), loader: 'js' };
    });
    // What is made with the client and never asked for anything: the resources of betas, organizations and files, and batches.
    plugin.onLoad(
      {
        filter:
          /sdk[\\/]resources[\\/](?:(?:beta|organization)[\\/].+|messages[\\/]batches|files|shared|user-profiles)\.mjs$/,
      },
      ({ path }) => {
        const exported = [...readFileSync(path, 'utf8').matchAll(/^export (class|var|const) (\w+)/gm)];
        if (exported.length === 0) throw new Error(`${path} is not written as it was`);
        // An error without a class of its own is one of its status: the SDK looks it up by its code first.
        const left = exported.map(([, , name]) =>
          name.endsWith('Error') ? `export const ${name} = undefined;` : `export class ${name} {}`,
        );
        return { contents: left.join('\n'), loader: 'js' };
      },
    );
    // Tracing is off (src/core/api/client.ts): none of its steps has anything to do.
    plugin.onLoad({ filter: /sdk[\\/]internal[\\/]tracing\.mjs$/ }, ({ path }) => {
      const exported = [...readFileSync(path, 'utf8').matchAll(/^export (?:function|const) (\w+)/gm)];
      if (exported.length === 0) throw new Error(`${path} is not written as it was`);
      const used = { resolveOpenTelemetryOptions: '() => ({ traces: {} })', guardTracing: '(_client, step) => step()' };
      const left = exported.map(([, name]) => `export const ${name} = ${used[name] ?? '() => undefined'};`);
      return { contents: left.join('\n'), loader: 'js' };
    });
    // What is asked for has names and plain values (src/core/api/modelList.ts): no lists, nothing within another.
    plugin.onLoad({ filter: /sdk[\\/]internal[\\/]utils[\\/]query\.mjs$/ }, () => ({
      contents: 'export const stringifyQuery = (query) => new URLSearchParams(query).toString();',
    }));
    // Nothing is uploaded.
    plugin.onLoad({ filter: /sdk[\\/]internal[\\/]to-file\.mjs$/ }, () => ({
      contents: 'export const toFile = undefined;',
    }));
    plugin.onResolve({ filter: /^@opentelemetry\/api$/ }, ({ path }) => ({ path, namespace: 'off' }));
    plugin.onLoad({ filter: /./, namespace: 'off' }, () => ({
      contents:
        'export const propagation = { fields: () => [] }, context = {}, trace = {}, SpanKind = {}, SpanStatusCode = {};',
      loader: 'js',
    }));
  },
};

/** So that the panel is one file: what it needs at first comes at once, the others when they are asked for. */
const askedFor = {
  name: 'asked-for',
  setup(plugin) {
    plugin.onResolve(
      {
        filter: /\/(highlight|imageResize|copyMarkdown|editParts|listRows|popups|symbolLinks|findBox|usageTable)$/,
      },
      ({ path, kind }) => (kind === 'dynamic-import' ? { path: `./${basename(path)}.js`, external: true } : undefined),
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

/** Of marked the panel has the lexer alone: what would make HTML of its tokens, and the rules of other dialects, are left away. */
const lexerAlone = {
  name: 'lexer-alone',
  setup(plugin) {
    plugin.onLoad({ filter: /marked\.esm\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const instance = /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse\(/.exec(source);
      const names = /\bexport\{([^}]+)\}/.exec(source)?.[1].split(',') ?? [];
      const kept = names.filter((name) => / as (?:Lexer|Tokenizer)$/.test(name));
      const others = /pedantic:(\w+)\},\w+=\{normal:\w+,gfm:\w+,breaks:(\w+),pedantic:(\w+)\}/.exec(source);
      const make = /=(\w+)\(\w+,"u"\)\.replace\(/.exec(source)?.[1];
      if (instance === null || kept.length !== 2 || others === null || make === undefined)
        throw new Error('marked is not built as it was');
      let lexer = source.slice(0, instance.index).replaceAll(`=${make}(`, `=/* @__PURE__ */${make}(`);
      // What no option of ours turns on (src/webview/markdown/boundedLexer.ts).
      const options = { gfm: '!0', breaks: '!1', pedantic: '!1', silent: '!1' };
      lexer = lexer.replaceAll(/this\.options\.(gfm|breaks|pedantic|silent)\b/g, (_, name) => options[name]);
      for (const rules of others.slice(1)) lexer = lexer.replace(`,${rules}={`, `,${rules}=0&&{`);
      return { contents: `${lexer}export{${kept}};`, loader: 'js' };
    });
  },
};

const common = readFileSync(join(root, 'src/webview/common.ts'), 'utf8');
const inThePanel = [...common.matchAll(/from '([^']+)'/g)].map(([, path]) => path);

/** What a part has in common with the panel it takes from there (src/webview/common.ts): one of each, with its state. */
const byThePanel = {
  name: 'by-the-panel',
  setup(plugin) {
    const webview = join(root, 'src/webview');
    const files = new Set(inThePanel.map((path) => (path.startsWith('.') ? join(webview, path) : path)));
    plugin.onResolve({ filter: /./ }, ({ path, resolveDir }) =>
      files.has(path.startsWith('.') ? join(resolveDir, path) : path)
        ? { path: './panel.js', external: true }
        : undefined,
    );
  },
};

const codicons = join(root, 'node_modules/@vscode/codicons/dist');
const iconRule = /^\.codicon-([\w-]+):before \{ content: "\\(\w+)" \}\n?/gm;

/** Of the font's 600 icons those whose names are words of the sources: their characters by their names. */
function iconsInUse() {
  const files = sources('src').map((file) => readFileSync(join(root, file), 'utf8'));
  const words = new Set(
    files.flatMap((text) => text.replaceAll('codicon-', ' ').match(/[a-z0-9]+(?:-[a-z0-9]+)*/g) ?? []),
  );
  const rules = readFileSync(join(codicons, 'codicon.css'), 'utf8').matchAll(iconRule);
  return new Map([...rules].flatMap(([, name, code]) => (words.has(name) ? [[name, Number.parseInt(code, 16)]] : [])));
}

/** The stylesheets name no other icons. */
const namedIcons = {
  name: 'named-icons',
  setup(plugin) {
    plugin.onLoad({ filter: /codicon\.css$/ }, ({ path }) => {
      const icons = iconsInUse();
      const contents = readFileSync(path, 'utf8').replace(iconRule, (rule, name) => (icons.has(name) ? rule : ''));
      return { contents, loader: 'css' };
    });
  },
};

/** The font, with nothing but the outlines of the icons in use: every other glyph is there, and empty. */
export function iconFont() {
  const font = readFileSync(join(codicons, 'codicon.ttf'));
  const tables = new Map();
  for (let at = 12, left = font.readUInt16BE(4); left > 0; at += 16, left -= 1) {
    const start = font.readUInt32BE(at + 8);
    tables.set(font.toString('latin1', at, at + 4), font.subarray(start, start + font.readUInt32BE(at + 12)));
  }
  // Several names may stand for one character.
  const codes = [...new Set(iconsInUse().values())].toSorted((a, b) => a - b);
  const glyphs = codes.map((code) => [code, glyphOf(tables, code)]);
  // Ligatures and the names of the glyphs are of no use to a stylesheet.
  tables.delete('GSUB');
  tables.set('post', Buffer.concat([Buffer.from([0, 3, 0, 0]), tables.get('post').subarray(4, 32)]));
  tables.set('cmap', characterMap(glyphs));
  keepOutlines(tables, new Set([0, ...glyphs.map(([, glyph]) => glyph)]));
  return fontOf(tables);
}

/** By its map of all of Unicode (format 12). */
function glyphOf(tables, code) {
  const cmap = tables.get('cmap');
  for (let record = 4, left = cmap.readUInt16BE(2); left > 0; record += 8, left -= 1) {
    const at = cmap.readUInt32BE(record + 4);
    if (cmap.readUInt16BE(at) !== 12) continue;
    for (let group = at + 16, more = cmap.readUInt32BE(at + 12); more > 0; group += 12, more -= 1) {
      const first = cmap.readUInt32BE(group);
      if (code >= first && code <= cmap.readUInt32BE(group + 4)) return cmap.readUInt32BE(group + 8) + code - first;
    }
  }
  throw new Error(`the font has no character ${code.toString(16)}`);
}

function characterMap(glyphs) {
  const map = Buffer.alloc(28 + 12 * glyphs.length);
  map.writeUInt16BE(1, 2);
  map.writeUInt16BE(3, 4);
  map.writeUInt16BE(10, 6);
  map.writeUInt32BE(12, 8);
  map.writeUInt16BE(12, 12);
  map.writeUInt32BE(map.length - 12, 16);
  map.writeUInt32BE(glyphs.length, 24);
  glyphs.forEach(([code, glyph], index) => {
    map.writeUInt32BE(code, 28 + 12 * index);
    map.writeUInt32BE(code, 32 + 12 * index);
    map.writeUInt32BE(glyph, 36 + 12 * index);
  });
  return map;
}

function keepOutlines(tables, kept) {
  const glyf = tables.get('glyf');
  const old = tables.get('loca');
  const long = tables.get('head').readInt16BE(50) === 1;
  const offset = (glyph) => (long ? old.readUInt32BE(4 * glyph) : 2 * old.readUInt16BE(2 * glyph));
  const loca = Buffer.alloc(old.length);
  const outlines = [];
  let end = 0;
  for (let glyph = 0; glyph < tables.get('maxp').readUInt16BE(4); glyph += 1) {
    const outline = glyf.subarray(offset(glyph), kept.has(glyph) ? offset(glyph + 1) : offset(glyph));
    if (outline.length > 0 && outline.readInt16BE(0) < 0) throw new Error('an icon is made of others');
    outlines.push(outline);
    end += outline.length;
    if (long) loca.writeUInt32BE(end, 4 * glyph + 4);
    else loca.writeUInt16BE(end / 2, 2 * glyph + 2);
  }
  tables.set('glyf', Buffer.concat(outlines));
  tables.set('loca', loca);
}

function fontOf(tables) {
  const head = Buffer.from(tables.get('head'));
  head.writeUInt32BE(0, 8);
  const all = [...new Map(tables).set('head', head)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const power = Math.floor(Math.log2(all.length));
  const directory = Buffer.alloc(12 + 16 * all.length);
  directory.writeUInt32BE(0x00010000, 0);
  directory.writeUInt16BE(all.length, 4);
  directory.writeUInt16BE(16 * 2 ** power, 6);
  directory.writeUInt16BE(power, 8);
  directory.writeUInt16BE(16 * (all.length - 2 ** power), 10);
  let start = directory.length;
  const bodies = all.map(([tag, table], index) => {
    const padded = Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
    directory.write(tag, 12 + 16 * index, 'latin1');
    directory.writeUInt32BE(checksum(padded), 16 + 16 * index);
    directory.writeUInt32BE(start, 20 + 16 * index);
    directory.writeUInt32BE(table.length, 24 + 16 * index);
    start += padded.length;
    return padded;
  });
  const font = Buffer.concat([directory, ...bodies]);
  const at = font.readUInt32BE(20 + 16 * all.findIndex(([tag]) => tag === 'head'));
  font.writeUInt32BE((0xb1b0afba - checksum(font)) >>> 0, at + 8);
  return font;
}

function checksum(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

const browser = {
  ...base,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  outdir: 'dist/webview',
  plugins: [askedFor, withoutIndent, lexerAlone],
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
  {
    ...node,
    entryPoints: ['src/host/compose.ts'],
    outfile: 'dist/host.js',
    external: ['vscode'],
    plugins: [withoutUnused],
    // What the SDK looks for to know another place than Node.js; here there is none of them.
    define: { Deno: 'undefined', EdgeRuntime: 'undefined', window: 'undefined', navigator: 'undefined' },
  },
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
    entryPoints: {
      editParts: 'src/webview/edits/editParts.ts',
      listRows: 'src/webview/conversations/listRows.ts',
      popups: 'src/webview/composer/popups.ts',
      symbolLinks: 'src/webview/view/symbolLinks.ts',
      findBox: 'src/webview/find/findBox.ts',
      usageTable: 'src/webview/transcript/usageTable.ts',
    },
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
    ...base,
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
  writeFileSync(join(root, 'dist/webview/codicon.ttf'), iconFont());
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
