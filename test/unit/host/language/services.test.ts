import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LanguageServices } from '../../../../src/core/tools/language/languageServices';
import type { LanguageFacts, LanguageQuestion } from '../../../../src/host/workspace/language/facts';
import { createLanguageServices } from '../../../../src/host/workspace/language/languageServices';
import type { LanguageTimes } from '../../../../src/host/workspace/language/waiting';
import { privateKey } from '../../tools/secretTexts';
import { never, type TempWorkspace, tempWorkspace } from '../../workspace/tempWorkspace';

const times: LanguageTimes = { answer: 500, silent: 60, starting: 30, pause: 5, problems: 60 };
const portion = { skip: 0, limit: 100 };

const range = (start: number, end = start) => ({
  start: { line: start, character: 0 },
  end: { line: end, character: 1 },
});

interface Fake {
  readonly services: LanguageServices;
  readonly questions: LanguageQuestion[];
  readonly loaded: string[];
  reported: (readonly [string, readonly unknown[]])[];
  tell(...uris: string[]): void;
  readonly listeners: ReadonlySet<unknown>;
}

function fakeOf(
  temp: TempWorkspace,
  answer: (question: LanguageQuestion) => unknown,
  rest: Partial<LanguageFacts> = {},
) {
  const listeners = new Set<(uris: readonly string[]) => void>();
  const fake: Omit<Fake, 'services' | 'listeners'> = {
    questions: [],
    loaded: [],
    reported: [],
    tell: (...uris) => {
      for (const listener of listeners) listener(uris);
    },
  };
  const facts: LanguageFacts = {
    ask: async (question) => {
      fake.questions.push(question);
      return await answer(question);
    },
    reported: () => fake.reported,
    onReported: (callback) => {
      listeners.add(callback);
      return { dispose: () => listeners.delete(callback) };
    },
    isOpen: () => false,
    load: async (uri) => {
      fake.loaded.push(uri);
      return 'typescript';
    },
    textOf: async (uri) => `first line of ${uri.split('/').at(-1)}\nsecond`,
    placeOf: (uri) => uri.replace('file://', ''),
    ...rest,
  };
  return Object.assign(fake, { services: createLanguageServices(facts, temp.workspace, times), listeners });
}

describe('Language services behind their tools', () => {
  let temp: TempWorkspace;
  let uri: (path: string) => string;
  before(() => {
    temp = tempWorkspace({
      files: {
        'src/a.ts': 'one\r\ntwo\rthree\nfour',
        'src/b.ts': 'bee',
        '.env': 'KEY=hunter2',
        'key.ts': `const a = 1;\nconst key = \`${privateKey}\`;\n`,
        '.gitignore': 'dist\nnode_modules\n',
        'dist/out.ts': 'generated',
        'node_modules/lib/index.d.ts': 'declare',
      },
    });
    uri = (path) => pathToFileURL(join(temp.folder, path)).href;
  });
  after(() => temp.remove());
  const at = () => ({ uri: uri('src/a.ts'), line: 1, column: 1 });

  it('take locations, links and one alone, by file and line, each line once', async () => {
    const location = (path: string, line: number) => ({ uri: new URL(uri(path)), range: range(line) });
    const link = (path: string, line: number) => ({
      targetUri: new URL(uri(path)),
      targetRange: range(0, 9),
      targetSelectionRange: range(line),
    });
    const all = [location('src/b.ts', 0), link('src/a.ts', 3), location('src/a.ts', 1), location('src/a.ts', 1)];
    const { services } = fakeOf(temp, () => all);
    const found = await services.references(at(), portion, never);
    assert.deepEqual(
      found.items.map(({ path, line, text }) => [path, line, text]),
      [
        ['src/a.ts', 2, 'two'],
        ['src/a.ts', 4, 'four'],
        ['src/b.ts', 1, 'bee'],
      ],
    );
    assert.deepEqual([found.total, found.files, found.service, found.language], [3, 2, 'ready', 'typescript']);
    const one = await fakeOf(temp, () => link('src/b.ts', 0)).services.definition(at(), never);
    assert.deepEqual(one.items, [{ path: 'src/b.ts', outside: false, line: 1, text: 'bee' }]);
    const second = await services.references(at(), { skip: 1, limit: 1 }, never);
    assert.deepEqual(
      second.items.map(({ line }) => line),
      [4],
    );
    assert.equal(second.total, 3);
  });

  it('take whatever a provider gives without harm', async () => {
    const strange = [
      null,
      7,
      'x',
      {},
      { uri: null },
      { uri: new URL(uri('src/b.ts')), range: { start: { line: 'x' } } },
    ];
    for (const answer of [null, undefined, 7, 'text', {}, [], strange]) {
      const { services } = fakeOf(temp, () => answer);
      const found = await services.definition(at(), never);
      assert.equal(found.items.length, answer === strange ? 1 : 0);
      assert.deepEqual((await services.outline('src/a.ts', never)).items, []);
      assert.equal((await services.symbols('x', 10, never)).items.length, 0);
    }
  });

  it('show lines of the workspace and of libraries, never of secret or ignored files (L32, L59)', async () => {
    const paths = ['src/b.ts', '.env', 'key.ts', 'dist/out.ts', 'node_modules/lib/index.d.ts'];
    const outside = ['file:///usr/lib/lib.d.ts', 'file:///home/x/.ssh/id_rsa', 'jdt://contents/String.class'];
    const all = [...paths.map(uri), ...outside].map((one) => ({ uri: one, range: range(0) }));
    const text = async (one: string) => (one.startsWith('jdt') ? privateKey : `line of ${one.split('/').at(-1)}`);
    // Strings are no URIs of VS Code: objects that say them are.
    const answer = all.map((one) => ({ ...one, uri: { toString: () => one.uri } }));
    const { services } = fakeOf(temp, () => answer, { textOf: text });
    const { items } = await services.definition(at(), never);
    assert.deepEqual(
      items.map((item) => [item.path, item.outside, item.text]),
      [
        ['.env', false, null],
        ['dist/out.ts', false, null],
        ['key.ts', false, null],
        ['node_modules/lib/index.d.ts', false, 'line of index.d.ts'],
        ['src/b.ts', false, 'bee'],
        ['/home/x/.ssh/id_rsa', true, null],
        ['/usr/lib/lib.d.ts', true, 'line of lib.d.ts'],
        ['jdt://contents/String.class', true, null],
      ],
    );
  });

  it('wait for one that is starting, and end', async () => {
    let calls = 0;
    const late = fakeOf(temp, ({ ask }) => {
      calls += 1;
      return ask === 'outline' || calls < 5 ? [] : { uri: new URL(uri('src/b.ts')), range: range(0) };
    });
    assert.equal((await late.services.definition(at(), never)).items.length, 1);
    assert.deepEqual(late.loaded, [uri('src/a.ts')]);

    const began = performance.now();
    const silent = fakeOf(temp, () => []);
    assert.equal((await silent.services.definition(at(), never)).service, 'silent');
    const outlined = fakeOf(temp, ({ ask }) => (ask === 'outline' ? [{ name: 'a', kind: 4, range: range(0) }] : []));
    assert.equal((await outlined.services.references(at(), portion, never)).service, 'starting');
    assert.ok(performance.now() - began < 2_000);
  });

  it('believe a service that has answered once: nothing found is at once nothing', async () => {
    let empty = false;
    const fake = fakeOf(temp, () => (empty ? undefined : { uri: new URL(uri('src/b.ts')), range: range(0) }));
    await fake.services.definition(at(), never);
    empty = true;
    fake.questions.length = 0;
    const found = await fake.services.definition(at(), never);
    assert.deepEqual([found.items.length, found.service], [0, 'ready']);
    assert.equal(fake.questions.length, 1);
  });

  it('ask again once a service has read the project: before, it answers out of one file', async () => {
    let hasRead = false;
    const at1 = (path: string) => ({ uri: new URL(uri(path)), range: range(0) });
    const fake = fakeOf(temp, async ({ ask }) => {
      if (ask === 'calls') {
        await new Promise((resolve) => setTimeout(resolve, 20));
        hasRead = true;
        return [{}];
      }
      return [at1(hasRead ? 'src/b.ts' : 'src/a.ts')];
    });
    for (const _ of [1, 2]) {
      const found = await fake.services.definition(at(), never);
      assert.deepEqual(
        found.items.map(({ path }) => path),
        ['src/b.ts'],
      );
    }
    assert.equal(fake.questions.filter(({ ask }) => ask === 'calls').length, 1);
    assert.equal(fake.listeners.size, 0);
  });

  it('end when a provider throws, never answers, or the user stops', async () => {
    const throwing = fakeOf(temp, () => Promise.reject(new Error('tsserver has crashed')));
    await assert.rejects(
      throwing.services.definition(at(), never),
      /failed to tell the definition: tsserver has crashed/,
    );
    const silent = fakeOf(temp, () => new Promise(() => {}));
    await assert.rejects(silent.services.references(at(), portion, never), /did not tell the references within/);
    const unloadable = fakeOf(temp, () => [], { load: () => Promise.reject(new Error('binary')) });
    await assert.rejects(unloadable.services.outline('src/a.ts', never), /failed to tell the outline: binary/);
    const stop = new AbortController();
    const running = silent.services.symbols('x', 10, stop.signal);
    setTimeout(() => stop.abort(new Error('stopped by the user')), 20);
    await assert.rejects(running, /stopped by the user/);
    const waiting = new AbortController();
    const asking = fakeOf(temp, () => []).services.definition(at(), waiting.signal);
    setTimeout(() => waiting.abort(new Error('stopped by the user')), 10);
    await assert.rejects(asking, /stopped by the user/);
  });

  it('load a file of each language for the symbols of the workspace, and put the best names first when cutting', async () => {
    const symbol = (name: string, path: string, line: number) => ({
      name,
      kind: 11,
      containerName: 'in',
      location: { uri: new URL(uri(path)), range: range(line) },
    });
    const all = [symbol('retryLater', 'src/a.ts', 0), symbol('xretry', 'src/a.ts', 1), symbol('retry', 'src/b.ts', 0)];
    const outside = {
      ...symbol('retry', 'src/b.ts', 0),
      location: { uri: new URL('file:///usr/x.ts'), range: range(0) },
    };
    const fake = fakeOf(temp, () => (fake.loaded.length === 0 ? [] : [...all, outside]));
    const found = await fake.services.symbols('retry', 2, never);
    assert.deepEqual(
      found.items.map(({ name, kind, path, container, line }) => [name, kind, path, container, line]),
      [
        ['retryLater', 'function', 'src/a.ts', 'in', 1],
        ['retry', 'function', 'src/b.ts', 'in', 1],
      ],
    );
    assert.equal(found.total, 3);
    assert.deepEqual(fake.loaded, [uri('key.ts')]);
  });

  it('outline nested and flat symbols, in the order of the text', async () => {
    const nested = [
      { name: 'later', kind: 11, detail: '()', range: range(7, 8), children: [] },
      {
        name: 'Store',
        kind: 4,
        detail: '',
        range: range(0, 5),
        children: [{ name: 'get', kind: 5, detail: '', range: range(2, 3) }, null, { name: '', range: range(1) }],
      },
    ];
    const rows = async (answer: unknown) =>
      (await fakeOf(temp, () => answer).services.outline('src/a.ts', never)).items.map(
        (one) => `${one.depth} ${one.startLine}-${one.endLine} ${one.kind} ${one.name} ${one.detail}`,
      );
    assert.deepEqual(await rows(nested), ['0 1-6 class Store ', '1 3-4 method get ', '0 8-9 function later ()']);
    const flat = { name: 'get', kind: 99, containerName: 'Store', location: { uri: {}, range: range(2, 3) } };
    assert.deepEqual(await rows([flat]), ['0 3-4 symbol get in Store']);
    const { services } = fakeOf(temp, () => nested);
    await assert.rejects(services.outline('src', never), /src is a folder/);
    await assert.rejects(services.outline('.', never), /The workspace is a folder/);
    await assert.rejects(services.outline('.env', never), /may hold secrets/);
  });

  describe('and the problems that are reported', () => {
    const problem = (severity: number, line: number, rest: object = {}) => ({
      severity,
      range: range(line),
      message: `m${line}`,
      source: 'ts',
      code: { value: 2304, target: {} },
      ...rest,
    });
    const problems = (fake: Fake, path: string | null, least: 'error' | 'hint' = 'hint', rest = portion) =>
      fake.services.problems(path, least, rest, never);

    it('come the worst first, by file, from the workspace alone', async () => {
      const fake = fakeOf(temp, () => []);
      fake.reported = [
        [uri('src/b.ts'), [problem(1, 0)]],
        [
          uri('src/a.ts'),
          [problem(3, 0), problem(1, 3), problem(0, 2), problem(0, 1, { code: 'x', source: undefined })],
        ],
        [uri('.env'), [problem(0, 0)]],
        [uri('dist/out.ts'), [problem(0, 0)]],
        ['file:///usr/lib/lib.d.ts', [problem(0, 0)]],
        [uri('key.ts'), [{ severity: 9 }, null, 'x']],
      ];
      const all = await problems(fake, null);
      assert.deepEqual(
        all.items.map(
          (one) => `${one.path}:${one.line}:${one.column} ${one.severity} ${one.source} ${one.code} ${one.text}`,
        ),
        [
          'src/a.ts:2:1 error  x two',
          'src/a.ts:3:1 error ts 2304 three',
          'src/a.ts:4:1 warning ts 2304 four',
          'src/a.ts:1:1 hint ts 2304 one',
          'src/b.ts:1:1 warning ts 2304 bee',
        ],
      );
      assert.deepEqual(all.counts, { error: 2, warning: 2, information: 0, hint: 1 });
      assert.deepEqual([all.files, all.checked, all.path], [2, 'folder', null]);
      assert.deepEqual(fake.loaded, []);
      const errors = await problems(fake, 'src', 'error', { skip: 1, limit: 5 });
      assert.deepEqual(
        errors.items.map(({ line }) => line),
        [3],
      );
      assert.equal(errors.path, 'src');
    });

    it('are waited for where a file was just loaded, and not for ever', async () => {
      // A service reports what was loaded, so it reports once it is: a loaded machine takes its time until then.
      const reporting = (report: (of: Fake) => void): Fake => {
        const fake: Fake = fakeOf(temp, () => [], {
          load: async (uri) => {
            fake.loaded.push(uri);
            setTimeout(() => report(fake), 5);
            return 'typescript';
          },
        });
        return fake;
      };
      const fake = reporting((of) => {
        of.reported = [[uri('src/a.ts'), [problem(0, 0)]]];
        of.tell(uri('src/a.ts'));
      });
      const found = await problems(fake, 'src/a.ts');
      assert.deepEqual([found.items.length, found.checked], [1, 'yes']);
      assert.deepEqual(fake.loaded, [uri('src/a.ts')]);
      assert.equal(fake.listeners.size, 0);

      const silent = fakeOf(temp, () => []);
      assert.equal((await problems(silent, 'src/a.ts')).checked, 'notYet');
      const clean = reporting((of) => of.tell(uri('src/a.ts')));
      assert.deepEqual((await problems(clean, 'src/a.ts')).checked, 'yes');
    });

    it('refuse what may not be read', async () => {
      const fake = fakeOf(temp, () => []);
      await assert.rejects(problems(fake, '.env'), /may hold secrets/);
      await assert.rejects(problems(fake, 'dist'), /is ignored/);
      await assert.rejects(problems(fake, '..'), /leads out of the workspace/);
      await assert.rejects(problems(fake, 'gone'), /nothing at "gone"/);
    });

    it('take a file with 100,000 of them in their stride', async () => {
      const fake = fakeOf(temp, () => []);
      fake.reported = [
        [uri('src/a.ts'), Array.from({ length: 100_000 }, (_, line) => problem(line % 4, 100_000 - line))],
      ];
      const began = performance.now();
      const found = await problems(fake, null, 'error', { skip: 24_990, limit: 200 });
      assert.deepEqual(found.counts, { error: 25_000, warning: 25_000, information: 25_000, hint: 25_000 });
      assert.deepEqual(found.items.map(({ line }) => line).slice(0, 2), [99_961 + 4, 99_965 + 4]);
      assert.equal(found.items.length, 10);
      assert.ok(performance.now() - began < 5_000);
    });
  });

  it('name files through a root that is a link', async () => {
    const link = join(temp.base, 'link');
    symlinkSync(temp.folder, link);
    const root = { name: 'link', uri: pathToFileURL(link).href, folder: link };
    const { createWorkspace } = await import('../../../../src/host/workspace/workspace');
    const access = createWorkspace({ ...temp.facts, roots: () => [root] }).access(never);
    assert.deepEqual(await access.named(uri('src/gone.ts')), { path: 'src/gone.ts', hidden: null });
    assert.deepEqual(await access.named(`${root.uri}/.env`), { path: '.env', hidden: 'secret' });
    assert.deepEqual(await access.named(`${root.uri}/dist/x`), { path: 'dist/x', hidden: 'ignored' });
    assert.equal(await access.named('file:///etc/hosts'), null);
    assert.equal(await access.named(`${root.uri}/../x`), null);
  });
});
