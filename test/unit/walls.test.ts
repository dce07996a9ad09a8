import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  circles,
  crowded,
  faultsOf,
  linesOf,
  mostLines,
  readSources,
  type Sources,
  undecided,
  undocumented,
  wallsBroken,
} from './house';
import { importsOf } from './imports';

const root = join(__dirname, '..', '..', '..');

/** Files that hold nothing but what they import. */
function sourcesOf(imports: Readonly<Record<string, readonly string[]>>): Sources {
  const texts = Object.entries(imports).map(
    ([file, specifiers]) => [file, specifiers.map((one) => `import type { X } from '${one}';`).join('\n')] as const,
  );
  return new Map(texts);
}

describe('The walls between the folders', () => {
  const sources = readSources(join(root, 'src'));

  it('hold for every file of src, types included: walls, floors, circles, full folders, long files and docstrings', () => {
    assert.ok(sources.size > 200, 'src was found');
    assert.deepEqual(faultsOf(sources), []);
  });

  it('keep zod to the import that bundles small', () => {
    const named = [...sources].filter(([, text]) => /import\s*(?:type\s*)?\{[^}]*\}\s*from\s*'zod\/mini'/.test(text));
    assert.deepEqual(named, []);
  });

  it('keep every file of test readable at once', () => {
    const long = [...readSources(join(root, 'test'))].filter(([, text]) => linesOf(text) > mostLines);
    assert.deepEqual(
      long.map(([file]) => file),
      [],
    );
  });

  it('let no two files import each other, directly or by way of others', () => {
    const round = sourcesOf({
      'core/turn/a.ts': ['./b'],
      'core/turn/b.ts': ['./c'],
      'core/turn/c.ts': ['./a', './d'],
      'core/turn/d.ts': [],
    });
    assert.deepEqual(
      circles(round).map((files) => files.toSorted()),
      [['core/turn/a.ts', 'core/turn/b.ts', 'core/turn/c.ts']],
    );
  });

  it('let no folder hold more than 20 files', () => {
    const many = Array.from({ length: 21 }, (_, index) => [`host/base/f${index}.ts`, ''] as const);
    assert.deepEqual(crowded(new Map(many)), ['host/base has 21 files']);
    assert.deepEqual(crowded(new Map(many.slice(1))), []);
  });

  it('let no switch over entries or events take in a kind that nobody has thought of', () => {
    const over = (last: string): Sources =>
      new Map([
        [
          'core/turn/a.ts',
          `  switch (entry.kind) {\n    case 'user':\n      return 1;\n    default:\n      ${last}\n  }\n`,
        ],
      ]);
    assert.deepEqual(undecided(over('return 0;')), ['core/turn/a.ts has a default over entry.kind']);
    assert.deepEqual(undecided(over('entry satisfies never;')), []);
  });

  it('let nothing be exported that does not say what it is', () => {
    const bare = 'const a = 1;\nexport const b = 2;\n\nexport async function c() {}\nexport abstract class D {}\n';
    const told = '/** What e is. */\nexport interface E {}\n\n/**\n * What f is.\n */\nexport function f() {}\n';
    assert.deepEqual(undocumented(new Map([['a.ts', `${bare}${told}export { b as g } from './b';\n`]])), [
      'a.ts says nowhere what b is',
      'a.ts says nowhere what c is',
      'a.ts says nowhere what D is',
    ]);
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
    ['shared/chat.ts', 'zod/mini'],
    ['shared/chat.ts', '../core/base/ports'],
    ['core/turn/turn.ts', 'vscode'],
    ['core/turn/turn.ts', 'node:fs'],
    ['core/turn/turn.ts', '../../host/base/log'],
    ['core/tools/readFile.ts', '../turn/turn'],
    ['core/tools/readFile.ts', '@anthropic-ai/sdk'],
    ['core/base/ports.ts', '../models/models'],
    ['core/prompt/request.ts', '../cost/estimate'],
    ['host/compose.ts', 'zod/mini'],
    ['host/compose.ts', '../webview/main'],
    ['host/compose.ts', '../../test/fakeClaude/server'],
    ['host/panel/viewLink.ts', '../compose'],
    ['host/session/draft/draft.ts', '../controller'],
    ['host/store/tables/entries.ts', '../client'],
    ['host/store/worker.ts', '../../../test/x'],
    ['webview/main.ts', 'vscode'],
    ['webview/main.ts', '../core/cost/estimate'],
    ['webview/main.ts', 'diff'],
    ['webview/composer/chips.ts', '../transcript/answer'],
    ['webview/dom/scroll.ts', '../view/store'],
    ['extension.ts', '../test/x'],
  ];
  for (const [file, specifier] of forbidden) {
    it(`do not let ${file} import ${specifier}`, () => {
      assert.equal(wallsBroken(file, `import type { X } from '${specifier}';`).length, 1);
    });
  }

  const allowed: readonly (readonly [file: string, specifier: string])[] = [
    ['shared/protocol.ts', './chat'],
    ['core/turn/turn.ts', '@anthropic-ai/sdk/lib/MessageStream'],
    ['core/turn/turn.ts', '../../shared/chat'],
    ['core/turn/turn.ts', '../base/ports'],
    ['core/tools/readFile.ts', './workspace'],
    ['core/tools/readFile.ts', '../../shared/chat'],
    ['host/compose.ts', './commands/commands'],
    ['host/session/controller.ts', './draft/draft'],
    ['host/store/worker.ts', '../../core/base/ports'],
    ['webview/markdown/code.ts', 'highlight.js/lib/core'],
    ['webview/transcript/answer.ts', '../view/view'],
    ['extension.ts', './host/compose'],
  ];
  for (const [file, specifier] of allowed) {
    it(`let ${file} import ${specifier}`, () => {
      assert.deepEqual(wallsBroken(file, `import { x } from '${specifier}';`), []);
    });
  }
});
