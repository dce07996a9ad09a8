/** A code block and a file: which lines it stands for, and that it is refused where that is not certain. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { namedFile } from '../../../../../src/core/tools/edits/blockNames';
import { blockApplied, isElision, replacementBetween } from '../../../../../src/core/tools/edits/codeBlock';
import { replaced } from '../../../../../src/core/tools/edits/replacing';

const login = `import { fetchUser } from './users';
import { hash } from './hash';

/** Signs in. */
export async function login(name: string, secret: string): Promise<boolean> {
  const user = await fetchUser(name);
  if (user === null) {
    return false;
  }
  return user.hash === hash(secret);
}

export function logout(name: string): void {
  const known = sessions.get(name);
  sessions.delete(name);
}

export class Session {
  constructor(private readonly id: string) {}

  renew(): void {
    this.until = Date.now() + 1000;
  }

  end(): void {
    this.until = 0;
  }
}
`;

function made(file: string, block: string, language = 'ts'): string | 'same' | 'unclear' {
  const outcome = blockApplied(file, block, language);
  return outcome.kind === 'change' ? outcome.text : outcome.kind;
}

describe('A code block', () => {
  it('that is a changed function takes the place of that function', () => {
    const block = `export function logout(name: string): void {
  log.info(name);
  sessions.delete(name);
}`;
    assert.equal(made(login, block), login.replace('  const known = sessions.get(name);\n', '  log.info(name);\n'));
    const rewritten = `export function logout(name: string): void {
  everything.isOther();
  andLonger();
  thanBefore();
}`;
    assert.equal(
      made(login, rewritten),
      login.replace(/ {2}const known[^}]*/, '  everything.isOther();\n  andLonger();\n  thanBefore();\n'),
    );
  });

  it('with a changed signature is found by what is the same in it', () => {
    const block = `export function logout(name: string, all: boolean): void {
  const known = sessions.get(name);
  sessions.delete(name);
}`;
    assert.equal(made(login, block), login.replace('logout(name: string)', 'logout(name: string, all: boolean)'));
  });

  it('that is indented otherwise is indented as the file is', () => {
    const block = `renew(): void {
  this.until = Date.now() + 5000;
  this.count += 1;
}`;
    const expected = login.replace(
      '    this.until = Date.now() + 1000;\n',
      '    this.until = Date.now() + 5000;\n    this.count += 1;\n',
    );
    assert.equal(made(login, block), expected);
    const tabs = login.replace(/ {2}/g, '\t');
    assert.equal(made(tabs, block), expected.replace(/ {2}/g, '\t'));
    assert.equal(made(login, block.replace(/ {2}/g, '\t').replace(/^/gm, '\t')), expected);
  });

  it('that is the whole file but for some lines takes its place', () => {
    const now = login.replace('1000', '2000').replace('import { hash }', 'import { hash, salt }');
    assert.equal(made(login, now), now);
    assert.equal(made(login, login), 'same');
    assert.equal(made('', 'const a = 1;\nconst b = 2;'), 'const a = 1;\nconst b = 2;\n');
    assert.equal(made('\n', '// ... existing code ...\nconst b = 2;'), 'unclear');
  });

  it('keeps what comments stand for that leave code out', () => {
    const block = `import { hash } from './hash';
import { log } from './log';

// ... existing code ...

export class Session {
  // ... constructor and renew stay as before ...

  end(): void {
    this.until = 0;
    log.info('ended');
  }
}`;
    const expected = login
      .replace("from './hash';\n", "from './hash';\nimport { log } from './log';\n")
      .replace('    this.until = 0;\n', "    this.until = 0;\n    log.info('ended');\n");
    assert.equal(made(login, block), expected);
    const added = `export class Session {
  // ...

  pause(): void {
    this.isPaused = true;
  }
}`;
    assert.equal(
      made(login, added),
      login.replace(
        '    this.until = 0;\n  }\n',
        '    this.until = 0;\n  }\n\n  pause(): void {\n    this.isPaused = true;\n  }\n',
      ),
    );
    assert.equal(
      made(login, 'export class Session {\n  private until = 0;\n\n  // ... rest unchanged ...\n}'),
      login.replace('Session {\n', 'Session {\n  private until = 0;\n\n'),
    );
    const python = 'def first():\n    one()\n    two()\n\n\ndef second():\n    three()\n';
    assert.equal(
      made(python, 'def first():\n    # ... unchanged ...\n    two()\n    more()\n', 'python'),
      python.replace('    two()\n', '    two()\n    more()\n'),
    );
  });

  it('is taken as it is where the file has such a comment itself', () => {
    const file = 'function a() {\n  // ...\n  return one;\n}\n';
    assert.equal(made(file, 'function a() {\n  // ...\n  return another;\n}'), file.replace('one', 'another'));
  });

  it('adds lines beside those that it has in common', () => {
    const imports = `import { fetchUser } from './users';
import { hash } from './hash';
import { log } from './log';`;
    assert.equal(
      made(login, imports),
      login.replace("from './hash';\n", "from './hash';\nimport { log } from './log';\n"),
    );
    const above = `import { log } from './log';
import { fetchUser } from './users';
import { hash } from './hash';`;
    assert.equal(made(login, above), `import { log } from './log';\n${login}`);
    const behind = `  sessions.delete(name);
}

export function isIn(who: number): boolean {
  throw new Error('not yet');
}`;
    const with3 = `export function logout(name: string): void {\n  const known = sessions.get(name);\n${behind}`;
    assert.equal(
      made(login, with3),
      login.replace(
        '\nexport class',
        `\nexport function isIn(who: number): boolean {\n  throw new Error('not yet');\n}\n\nexport class`,
      ),
    );
  });

  it('that is a diff is applied as one, where its lines stand once', () => {
    const diff = `--- a/login.ts
+++ b/login.ts
@@ -13,4 +13,3 @@
 export function logout(name: string): void {
-  const known = sessions.get(name);
   sessions.delete(name);
 }`;
    assert.equal(made(login, diff, 'diff'), login.replace('  const known = sessions.get(name);\n', ''));
    assert.equal(made(login, diff.replace('const known', 'const other'), 'diff'), 'unclear');
    assert.equal(made(login, '+ const a = 1;', 'diff'), 'unclear');
  });

  it('has no place where that is not certain', () => {
    const unclear = (block: string, file = login): void => assert.equal(made(file, block), 'unclear', block);
    unclear('export function other(): void {\n  something();\n}');
    unclear('}');
    unclear('');
    // It ends in lines that are neither the file's nor like them.
    unclear('export function logout(name: string): void {\n  somethingElse();\n  entirely();');
    // Its first function is there, its second may be a new one or the next one of the file, changed.
    unclear(`export function logout(name: string): void {
  x();
}

export function logoff(name: string): void {
  y();
}`);
    // Of lines that are all alike it changes one, or adds one.
    unclear(
      "  'alpha-one': load('alpha-one'),\n  'alpha-six': load('alpha-six'),",
      [
        'const all = {',
        "  'alpha-one': load('alpha-one'),",
        "  'alpha-two': load('alpha-two'),",
        "  'alpha-ten': load('alpha-ten'),",
        '};',
        '',
      ].join('\n'),
    );
    unclear("begin();\nloadAll('alpha-six');", "begin();\nloadAll('alpha-one');\nloadAll('alpha-two');\nfinish();\n");
    // It leaves out much, and does not say so, however long it is.
    const calls = (name: string, length: number) => Array.from({ length }, (_, at) => `${name}${at}();`);
    const long = ['begin();', ...calls('step', 30), 'finish();'];
    unclear('begin();\nnew1();\nfinish();', long.join('\n'));
    unclear([...calls('keep', 20), 'begin();', 'finish();'].join('\n'), [...calls('keep', 20), ...long].join('\n'));
    // In another order.
    unclear(login.split('\n').toReversed().join('\n'));
    // The same function twice in the file.
    const twice = 'function a() {\n  return one;\n}\n';
    unclear('function a() {\n  return two;\n}', `${twice}\n${twice}`);
  });

  it('changes one line where no other is like it', () => {
    assert.equal(
      made(login, '  return user.hash === (await hash(secret));'),
      login.replace('hash(secret);', '(await hash(secret));'),
    );
  });

  it('keeps blanks at the ends of lines that it does not change', () => {
    const file = 'function a() {\n  one();  \n  two();\n}\n';
    assert.equal(made(file, 'function a() {\n  one();\n  three();\n}'), file.replace('two', 'three'));
  });

  it('knows comments that stand for code from those that do not', () => {
    for (const line of [
      '// ...',
      '// ... existing code ...',
      '  # …',
      '/* rest of the methods */',
      '<!-- ... -->',
      '{/* ... other code */}',
      '-- ...',
      '...',
      '// existing code here',
    ])
      assert.ok(isElision(line), line);
    for (const line of [
      '// Signs in.',
      'const a = [...all];',
      '# Reads the file',
      'return { ...rest };',
      '// Loads the other user',
      '--flag',
      '* item',
    ])
      assert.ok(!isElision(line), line);
  });

  it('any function of any file that is changed inside is found, and nothing else is touched', () => {
    const word = fc.stringMatching(/^[a-z]{3,9}$/);
    const body = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 6 });
    const functions = fc.uniqueArray(fc.record({ name: word, body }), {
      minLength: 2,
      maxLength: 8,
      selector: ({ name }) => name,
    });
    fc.assert(
      fc.property(functions, fc.nat(), body, fc.boolean(), (all, which, fresh, dedented) => {
        const written = (name: string, lines: readonly (readonly [string, string])[], pad: string): string =>
          [`fn_${name}() {`, ...lines.map(([a, b]) => `  ${a}(${b});`), '}'].map((line) => pad + line).join('\n');
        const chosen = all[which % all.length];
        assert.ok(chosen);
        const file = (own: typeof fresh): string =>
          `class All {\n${all.map((one) => written(one.name, one === chosen ? own : one.body, '  ')).join('\n\n')}\n}\n`;
        const outcome = blockApplied(file(chosen.body), written(chosen.name, fresh, dedented ? '' : '  '), 'ts');
        if (outcome.kind === 'change') assert.equal(outcome.text, file(fresh));
        else if (outcome.kind === 'same') assert.equal(file(fresh), file(chosen.body));
        else assert.fail(`unclear: ${written(chosen.name, fresh, '')} in\n${file(chosen.body)}`);
      }),
      { numRuns: 300 },
    );
  });

  it('whatever it is, makes what one exact replacement makes', () => {
    const line = fc.constantFrom(
      'one();',
      'two();',
      '  three();',
      '}',
      '',
      'four() {',
      '  five();',
      'return six;',
      'seven(eight);',
      '// ...',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 10 }), (file, block) => {
        const before = file.join('\n');
        const outcome = blockApplied(before, block.join('\n'), 'ts');
        if (outcome.kind !== 'change') return;
        const edit = replacementBetween(before, outcome.text);
        const result = replaced(before, [edit]);
        assert.ok(result.done, JSON.stringify([result, edit, outcome.text]));
        assert.equal(result.text, outcome.text);
      }),
      { numRuns: 2000 },
    );
  });

  it('is made by one exact replacement, with the line ends, the mark and the open end of the file', () => {
    const block = 'export function logout(name: string): void {\n  added();\n  sessions.delete(name);\n}';
    const after = login.replace('  const known = sessions.get(name);', '  added();');
    const mixed = (text: string): string =>
      text.replace(/\n/g, (_, at: number) => (text.slice(0, at).split('\n').length % 3 === 0 ? '\r\n' : '\n'));
    const forms: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => text.replaceAll('\n', '\r\n'),
      (text) => `\ufeff${text}`,
      mixed,
      (text) => text.trimEnd(),
    ];
    for (const form of forms) {
      const file = form(login);
      const bare = file.replace(/^\ufeff/, '');
      const outcome = blockApplied(bare, block.replaceAll('\n', '\r\n'), 'ts');
      assert.ok(outcome.kind === 'change');
      const result = replaced(file, [replacementBetween(bare.replace(/\r\n/g, '\n'), outcome.text)]);
      assert.ok(result.done);
      assert.equal(result.text, form(after));
    }
  });
});

describe('The file of a code block', () => {
  const path = (info: string, text: string, above = ''): string | null =>
    namedFile(info, text, above).named?.path ?? null;

  it('is named by its info string', () => {
    for (const info of [
      'ts src/a.ts',
      'ts:src/a.ts',
      'src/a.ts',
      'ts title="src/a.ts"',
      'ts filename=src/a.ts',
      '12:40:src/a.ts',
      'ts {1,3} src/a.ts:12',
    ])
      assert.equal(path(info, 'x'), 'src/a.ts', info);
    for (const info of ['', 'ts', 'c++', 'ts {1,3}', 'sh https://example.com/a.ts'])
      assert.equal(path(info, 'x'), null, info);
  });

  it('is named by a comment that is its first line, which is no part of it then', () => {
    for (const first of [
      '// src/a.ts',
      '# src/a.ts',
      '/* src/a.ts */',
      '<!-- src/a.ts -->',
      '// File: src/a.ts',
      '-- filename: `src/a.ts`',
      '// src/a.ts:',
    ])
      assert.deepEqual(
        namedFile('ts', `${first}\nrest();`, ''),
        { named: { path: 'src/a.ts', where: 'block' }, text: 'rest();' },
        first,
      );
    for (const first of ['#!/bin/a.sh', '// Reads src/a.ts', '// a', 'src/a.ts', '// see https://x.com/a.ts'])
      assert.equal(path('ts', `${first}\nrest();`), null, first);
  });

  it('is the one that is mentioned right above, and none where that are several', () => {
    assert.deepEqual(namedFile('ts', 'x', 'First.\nIn `src/login.ts:12`, change this:').named, {
      path: 'src/login.ts',
      where: 'mentioned',
    });
    assert.equal(path('ts', 'x', 'src/a.ts uses src/b.ts:'), null);
    assert.equal(path('ts', 'x', 'See src/a.ts.\n\nChange this:'), null);
    assert.equal(path('ts', 'x', 'Change it, e.g. so:'), null);
    assert.equal(path('diff', '--- a/src/x.ts\n+++ b/src/x.ts\n@@ -1 +1 @@\n-a\n+b'), 'src/x.ts');
  });
});
