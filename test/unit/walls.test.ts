import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, wallsBroken } from './imports';

const root = join(__dirname, '..', '..', '..');
/** Lines of a file. */
const limit = 400;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:[cm]?[jt]sx?|css)$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('The walls between the folders', () => {
  const sources = filesBelow('src').filter((file) => file.endsWith('.ts'));

  it('hold for every file of src, types included', () => {
    assert.ok(sources.length > 30, 'src was found');
    const broken = sources.flatMap((file) => wallsBroken(file.slice('src/'.length), read(file)));
    assert.deepEqual(broken, []);
  });

  it('keep zod to the import that bundles small', () => {
    const named = sources.filter((file) => /import\s*(?:type\s*)?\{[^}]*\}\s*from\s*'zod'/.test(read(file)));
    assert.deepEqual(named, []);
  });

  it('keep every file of src and test readable at once', () => {
    const long = [...filesBelow('src'), ...filesBelow('test')].filter((file) => {
      const lines = read(file).split('\n');
      return (lines.at(-1) === '' ? lines.length - 1 : lines.length) > limit;
    });
    assert.deepEqual(long, []);
  });

  it('are read out of every kind of import', () => {
    const source = [
      "import a, { type B } from 'a';",
      "import type {\n  C,\n} from './c';",
      "export { d } from '../d';",
      "export * from 'e';",
      "import 'f';",
      "const g = await import('g');",
      "type H = import('h').H;",
      "const i = require('i');",
      "// import j from 'j';",
      "/* import k from 'k'; */ const url = 'https://l'; const text = `from 'm'`;",
    ].join('\n');
    assert.deepEqual(importsOf(source).toSorted(), ['../d', './c', 'a', 'e', 'f', 'g', 'h', 'i']);
  });

  const forbidden: readonly (readonly [file: string, specifier: string])[] = [
    ['shared/chat.ts', 'zod'],
    ['shared/chat.ts', '../core/ports'],
    ['core/turn.ts', 'vscode'],
    ['core/turn.ts', 'node:fs'],
    ['core/turn.ts', '../host/log'],
    ['core/tools/readFile.ts', '../turn'],
    ['core/tools/readFile.ts', '@anthropic-ai/sdk'],
    ['host/compose.ts', 'zod'],
    ['host/compose.ts', '../webview/main'],
    ['host/compose.ts', '../../test/fakeClaude/server'],
    ['host/store/worker.ts', '../../../test/x'],
    ['webview/main.ts', 'vscode'],
    ['webview/main.ts', '../core/cost'],
    ['webview/main.ts', 'diff'],
    ['extension.ts', '../test/x'],
  ];
  for (const [file, specifier] of forbidden) {
    it(`do not let ${file} import ${specifier}`, () => {
      assert.equal(wallsBroken(file, `import type { X } from '${specifier}';`).length, 1);
    });
  }

  const allowed: readonly (readonly [file: string, specifier: string])[] = [
    ['shared/protocol.ts', './chat'],
    ['core/turn.ts', '@anthropic-ai/sdk/lib/MessageStream'],
    ['core/turn.ts', '../shared/chat'],
    ['core/tools/readFile.ts', '../ports'],
    ['core/tools/readFile.ts', './tool'],
    ['core/tools/readFile.ts', '../../shared/chat'],
    ['host/store/worker.ts', '../../core/ports'],
    ['webview/view/code.ts', 'highlight.js/lib/core'],
    ['extension.ts', './host/compose'],
  ];
  for (const [file, specifier] of allowed) {
    it(`let ${file} import ${specifier}`, () => {
      assert.deepEqual(wallsBroken(file, `import { x } from '${specifier}';`), []);
    });
  }
});
