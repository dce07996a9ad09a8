/** What `@` finds: files and folders by a few letters, what was in use lately first, and nothing that is not read without asking. */
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { isSecretPath } from '../../../../src/core/tools/secrets/secretFiles';
import { absences } from '../../../../src/host/base/plainStrings';
import { Refused } from '../../../../src/host/base/refused';
import { FileIndex, type Recent } from '../../../../src/host/workspace/mentions/fileIndex';
import { candidateOf, marksOf, scoreOf, wantedOf } from '../../../../src/host/workspace/mentions/match';
import { WorkspaceMentions } from '../../../../src/host/workspace/mentions/mentions';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace } from '../../workspace/tempWorkspace';
import { nothingBeside } from '../nothingBeside';

/** Paths in the order in which a query finds them. */
function found(query: string, paths: readonly string[]): readonly string[] {
  const wanted = wantedOf(query);
  return paths
    .map((path) => ({ path, score: scoreOf(candidateOf(path), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ path }) => path);
}

describe('A path is found', () => {
  it('by its name before its folders, by the beginning of a word before the middle of one', () => {
    assert.deepEqual(found('login', ['src/login/index.ts', 'src/blogging.ts', 'src/userLogin.ts', 'src/login.ts']), [
      'src/login.ts',
      'src/userLogin.ts',
      'src/login/index.ts',
      'src/blogging.ts',
    ]);
    assert.deepEqual(found('login', ['a/plogin.ts', 'a/b-login.ts']), ['a/b-login.ts', 'a/plogin.ts']);
  });

  it('by the beginnings of its words, and by letters in their order and no other', () => {
    assert.deepEqual(found('cmp', ['src/camp.ts', 'src/chatMessagePart.ts', 'src/pmc.ts']), [
      'src/chatMessagePart.ts',
      'src/camp.ts',
    ]);
    assert.deepEqual(found('cmpa', ['src/chatMessagePart.ts', 'src/c-omputa.ts'])[0], 'src/chatMessagePart.ts');
  });

  it('by folders and names together, with either slash and whatever the case', () => {
    const paths = ['src/host/panel/view.ts', 'src/webview/view.ts'];
    assert.deepEqual(found('Host\\View', paths), ['src/host/panel/view.ts']);
    assert.deepEqual(found('webview/v', paths), ['src/webview/view.ts']);
  });

  it('by names with blanks, brackets, other scripts, and letters that have another length in lower case', () => {
    assert.deepEqual(found('my notes', ['docs/My Notes (1).md']), ['docs/My Notes (1).md']);
    assert.deepEqual(found('[id]', ['app/[id]/page.tsx']), ['app/[id]/page.tsx']);
    assert.deepEqual(found('設定', ['文書/設定.md', '文書/他.md']), ['文書/設定.md']);
    assert.deepEqual(found('İz', ['a/İzmir.md']), ['a/İzmir.md']);
  });

  it('with the places that match, so that they can be marked', () => {
    const marks = (query: string, path: string) => marksOf(candidateOf(path), wantedOf(query));
    assert.deepEqual(marks('log', 'src/userLogin.ts'), [4, 5, 6]);
    assert.deepEqual(marks('cmp', 'src/chatMessagePart.ts'), [0, 4, 11]);
    assert.deepEqual(marks('src', 'src/a.ts'), []);
  });

  it('in time that grows with its length, whatever it and the query are', () => {
    const path = `${'a'.repeat(3_000)}.ts`;
    const started = process.cpuUsage();
    for (let n = 0; n < 200; n += 1) scoreOf(candidateOf(path), wantedOf(`${'a'.repeat(100)}b`));
    for (let n = 0; n < 200; n += 1) scoreOf(candidateOf(`${path}b`), wantedOf(`${'a'.repeat(100)}b`));
    const { user } = process.cpuUsage(started);
    assert.ok(user < 2_000_000, `${user} µs`);
  });
});

describe('What can be mentioned', () => {
  let temp: TempWorkspace;
  let mentions: WorkspaceMentions;
  let recent: readonly string[];

  const start = async (files: Readonly<Record<string, string>>, roots?: readonly string[]): Promise<void> => {
    temp = tempWorkspace({ files, ripgrep: await hostRipgrep(), ...(roots === undefined ? {} : { roots }) });
    recent = [];
    mentions = new WorkspaceMentions(temp.workspace, { ...nothingBeside, recent: () => recent });
  };
  afterEach(() => {
    mentions.dispose();
    temp.remove();
  });

  /** Once it has been listed. */
  const find = async (query: string): Promise<readonly string[]> => {
    for (;;) {
      const { rows, partial } = await mentions.find(query, never);
      if (!partial) return rows.map(({ kind, id }) => (kind === 'folder' ? `${id}/` : id));
    }
  };
  const uri = (path: string): string => pathToFileURL(`${temp.folder}/${path}`).href;

  it('is every file and folder that is read without asking, and no other (L32)', async () => {
    await start({
      'src/part.ts': '1',
      'src/parts/one.ts': '1',
      '.env': 'PART=1',
      'keys/part.pem': '1',
      'out/part.js': '1',
      '.gitignore': 'out/\n',
    });
    assert.deepEqual(await find('part'), ['src/part.ts', 'src/parts/', 'src/parts/one.ts']);
    assert.deepEqual(await find('env'), []);
    assert.equal((await mentions.find('env', never)).total, 0);
    recent = [uri('.env'), uri('out/part.js'), uri('src/part.ts'), 'file:///elsewhere/part.ts'];
    assert.deepEqual(await find(''), ['src/part.ts']);
    for (const [path, why] of [
      ['.env', absences.secret()],
      ['out/part.js', absences.ignored()],
      ['src/gone.ts', absences.unreadable()],
    ] as const) {
      await assert.rejects(mentions.uriOf(path, never), (error) => {
        assert.ok(error instanceof Refused);
        assert.deepEqual(error.reason, why);
        return true;
      });
    }
    assert.equal(await mentions.uriOf('src/part.ts', never), uri('src/part.ts'));
    assert.equal(await mentions.uriOf('src/parts', never), uri('src/parts'));
  });

  it('is what was in use lately, first; what was mentioned before what was only looked at', async () => {
    await start({ 'a/view.ts': '1', 'b/view.ts': '1', 'c/view.ts': '1' });
    recent = [uri('c/view.ts'), uri('b/view.ts')];
    assert.deepEqual(await find(''), ['c/view.ts', 'b/view.ts']);
    assert.deepEqual(await find('view'), ['c/view.ts', 'b/view.ts', 'a/view.ts']);
    mentions.chosen('file', 'a/view.ts');
    mentions.chosen('folder', 'c');
    mentions.chosen('file', 'gone.ts');
    assert.deepEqual(await find(''), ['c/', 'a/view.ts', 'c/view.ts', 'b/view.ts']);
    assert.deepEqual(await find('view'), ['a/view.ts', 'c/view.ts', 'b/view.ts']);
    temp.write('new/view.ts', '1');
    recent = [uri('new/view.ts')];
    await find('');
    assert.ok((await find('view')).includes('new/view.ts'), 'what is in use, listed or not');
    temp.write('.gitignore', 'a/\n');
    assert.ok(!(await find('')).includes('a/view.ts'), 'it is ignored by now');
  });

  it('is a symbol once the services have told of it, behind the files, and none of what is not read (L32)', async () => {
    await start({ 'src/login.ts': '1', '.env': '1', 'src/cart.ts': '1' });
    const { promise, resolve } = Promise.withResolvers<void>();
    const asked: string[] = [];
    mentions = new WorkspaceMentions(temp.workspace, {
      ...nothingBeside,
      symbols: async (query) => {
        asked.push(query);
        await promise;
        const at = (path: string, name: string, line: number | null) => ({ uri: uri(path), name, line });
        return [at('.env', 'loginKey', 1), at('src/cart.ts', 'retryLogin()', 3), at('src/cart.ts', 'other', 4)];
      },
    });
    await find('login');
    assert.equal((await mentions.find('login', never)).more, true, 'nothing waits for them');
    resolve();
    // What they told is judged first: a loaded machine takes its time until then.
    let found = await mentions.find('login', never);
    for (let tries = 0; found.more && tries < 1_000; tries += 1) {
      await new Promise((soon) => setTimeout(soon, 10));
      found = await mentions.find('login', never);
    }
    const { rows, more } = found;
    assert.deepEqual(
      rows.map(({ kind, name, detail, marks }) => [kind, name, detail, marks]),
      [
        ['file', 'login.ts', 'src', [0, 1, 2, 3, 4]],
        ['symbol', 'retryLogin', 'src/cart.ts:3', [5, 6, 7, 8, 9]],
      ],
    );
    assert.deepEqual([more, asked], [false, ['login']], 'they are asked once');
    assert.deepEqual(await find('l'), ['src/login.ts'], 'a letter is the beginning of too many');
  });

  it('has names as they are, in any root: blanks, brackets, quotes', async () => {
    await start({ 'one/my notes (1).md': '1', 'two/[id]/"x".ts': '1' }, ['one', 'two']);
    assert.deepEqual(await find('notes'), ['one/my notes (1).md']);
    const [path = ''] = await find('"x"');
    assert.equal(path, 'two/[id]/"x".ts');
    assert.equal(await mentions.uriOf(path, never), pathToFileURL(`${temp.base}/${path}`).href);
  });
});

describe('The names of the files', () => {
  const listed = (paths: () => readonly string[]) => {
    let times = 0;
    const workspace = {
      roots: () => [{ name: 'work', uri: 'file:///work' }],
      findFiles: async () => {
        times += 1;
        return { paths: paths(), truncated: false };
      },
    };
    return { workspace, times: () => times };
  };

  it('are listed once for many letters, and again after a while', async () => {
    let now = 0;
    let paths = ['a.ts'];
    const { workspace, times } = listed(() => paths);
    const index = new FileIndex(workspace, () => now);
    const find = async (query: string) => (await index.find(query, [], never)).rows.map(({ id }) => id);
    assert.deepEqual(await find('t'), ['a.ts']);
    assert.deepEqual(await find('ts'), ['a.ts']);
    assert.equal(times(), 1);
    paths = ['a.ts', 'b.ts', 't.md'];
    now += 60_000;
    const meanwhile = await index.find('ts', [], never);
    assert.deepEqual(
      [meanwhile.rows.map(({ id }) => id), meanwhile.partial],
      [['a.ts'], true],
      'what is known, meanwhile',
    );
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await find('ts'), ['a.ts', 'b.ts']);
    assert.equal(times(), 2);
    assert.deepEqual(await find('t'), ['t.md', 'a.ts', 'b.ts'], 'a shorter query looks through all again');
  });

  const secrets = new Map<string, boolean>();
  /** Each path is judged once, which takes longer than all else. */
  const isSecret = (path: string): boolean => {
    const known = secrets.get(path) ?? isSecretPath(path);
    secrets.set(path, known);
    return known;
  };

  /** What is found by looking at each name. */
  const plainly = (paths: readonly string[], query: string, recent: readonly Recent[]): readonly string[] => {
    const folders = new Set(
      paths.flatMap((path) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))),
    );
    const wanted = wantedOf(query);
    const worth = (path: string, kind: Recent['kind']) => {
      const rank = recent.findIndex((one) => one.kind === kind && one.path === path);
      const score = isSecret(path) ? 0 : scoreOf(candidateOf(path), wanted);
      return {
        path,
        isMatch: score > 0,
        score: score + (rank < 0 ? 0 : 300 - 10 * rank) - (kind === 'folder' ? 30 : 0),
      };
    };
    return [...paths.map((path) => worth(path, 'file')), ...[...folders].map((path) => worth(path, 'folder'))]
      .filter(({ isMatch }) => isMatch)
      .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
      .slice(0, 50)
      .map(({ path }) => path);
  };

  it('are found as if each were looked at, letter after letter, and only those that may be offered are judged (L32)', async () => {
    const words = ['part', 'file', 'elan', 'chatView', 'id_rsa', 'Zeile', '漢字'];
    const pick = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;
    const paths = Array.from({ length: 6000 }, (_, n) => {
      const [a, b, c] = [pick(words, n), pick(words, Math.floor(n / 7)), pick(words, Math.floor(n / 49))];
      return `${a}${n % 11}/${n % 5 === 0 ? `${b}/` : ''}${c}${n}.${pick(['ts', 'pem', 'md', 'env', 'json'], n)}`;
    });
    const recent = [9, 700, 4000].map((n) => ({ kind: 'file', path: paths[n] ?? '' }) as const);
    const index = new FileIndex(listed(() => paths).workspace);
    while ((await index.find('x', [], never)).partial);
    const { normalize } = String.prototype;
    let judged = 0;
    String.prototype.normalize = function (this: string, form?: string) {
      judged += 1;
      return normalize.call(this, form);
    };
    const answers: [query: string, rows: readonly string[]][] = [];
    try {
      for (const word of ['file42', 'part3/e', 'cv7', '漢字', 'rsa', '1', 'e.s', 'zq'])
        for (let n = 1; n <= word.length; n += 1) {
          const query = word.slice(0, n);
          answers.push([query, (await index.find(query, recent, never)).rows.map(({ id }) => id)]);
        }
    } finally {
      String.prototype.normalize = normalize;
    }
    for (const [query, rows] of answers) assert.deepEqual(rows, plainly(paths, query, recent), query);
    assert.ok(judged < 500 * answers.length, `${judged / answers.length} names of paths are judged for a letter`);
    index.dispose();
  });

  it('are not waited for: what is there is told, and that there may be more', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { workspace } = listed(() => ['a.ts']);
    const slow = {
      ...workspace,
      findFiles: async () => {
        await promise;
        return await workspace.findFiles();
      },
    };
    const index = new FileIndex(slow);
    assert.deepEqual(await index.find('a', [], never), { rows: [], total: 0, partial: true });
    resolve();
    let found = await index.find('a', [], never);
    while (found.partial) found = await index.find('a', [], never);
    assert.equal(found.total, 1);
    index.dispose();
  });
});
