/** What is asked of every answer: the user's own, the project's, and what a CLAUDE.md imports. */
import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { absences } from '../../../src/host/base/plainStrings';
import { createEditorContextOver } from '../../../src/host/workspace/context';
import { ownInstructions } from '../../../src/shared/protocol';
import { never, type TempWorkspace, tempWorkspace } from './tempWorkspace';

interface Window {
  readonly tabs: readonly string[];
  readonly isTrusted: boolean;
  readonly own: string;
  readonly automatic: 'none';
}

/** A window over a temp workspace; paths stand for their URIs. */
function windowOver(
  { workspace, folder }: TempWorkspace,
  { tabs = [], isTrusted = true, own = '', automatic }: Partial<Window>,
) {
  const facts = {
    ...{ tabs: () => tabs.map((path) => pathToFileURL(join(folder, path)).href), isTrusted },
    ...{ active: () => null, recentlyUsed: () => [], selection: () => null },
  };
  const context = createEditorContextOver({
    ...{ facts, workspace, own: () => own, automatic: () => automatic ?? 'openFiles', estimate: () => 1 },
  });
  const { mayChange, isInstruction } = context;
  return { now: () => context.current(never), mayChange, isInstruction };
}

describe('The instructions of the project', () => {
  let temp: TempWorkspace;
  afterEach(() => temp.remove());

  it('are read in a trusted workspace only, ignored or not, each once, and not again as an open file', async () => {
    temp = tempWorkspace({ files: { 'CLAUDE.md': 'Be brief.', '.gitignore': 'CLAUDE.md' } });
    symlinkSync('CLAUDE.md', join(temp.folder, 'AGENTS.md'));
    const trusted = await windowOver(temp, { tabs: ['CLAUDE.md'] }).now();
    assert.deepEqual(
      trusted.project.map(({ path, text }) => [path, text]),
      [['CLAUDE.md', 'Be brief.']],
    );
    assert.deepEqual(trusted.files, []);
    assert.deepEqual((await windowOver(temp, { isTrusted: false }).now()).project, []);
  });

  it('come from every root, and are cut at 48 KB with a note', async () => {
    temp = tempWorkspace({
      roots: ['app', 'lib'],
      files: { 'app/AGENTS.md': 'é'.repeat(30_000), 'lib/CLAUDE.md': 'two' },
    });
    const { project } = await windowOver(temp, {}).now();
    assert.deepEqual(
      project.map(({ path }) => path),
      ['app/AGENTS.md', 'lib/CLAUDE.md'],
    );
    assert.match(project[0]?.text ?? '', /é\n\[Cut here: this file has 60,000 bytes/);
  });

  it('are the user’s own first, whatever is trusted or open', async () => {
    temp = tempWorkspace({ files: { 'CLAUDE.md': 'Be brief.' } });
    for (const isTrusted of [true, false]) {
      const { project } = await windowOver(temp, { own: ' Be kind.\n', isTrusted, automatic: 'none' }).now();
      assert.deepEqual(
        project.map(({ path, text }) => [path, text]),
        [[ownInstructions.path, 'Be kind.'], ...(isTrusted ? [['CLAUDE.md', 'Be brief.']] : [])],
      );
    }
    assert.deepEqual((await windowOver(temp, { own: ' \n', isTrusted: false }).now()).project, []);
  });

  it('are followed where CLAUDE.md imports them, four deep, each once, and not in code', async () => {
    temp = tempWorkspace({
      files: {
        'CLAUDE.md':
          'See @README.md, @docs/my\\ style.md and @types/node.\n- @docs/1.md\n`@no.md`\n```\n@no.md\n```\nask@no.md',
        'README.md': 'readme',
        'no.md': 'in code',
        'docs/my style.md': 'style\n@../CLAUDE.md',
        'docs/1.md': '@2.md',
        'docs/2.md': '@/docs/gone.md\n@./3.md',
        'docs/3.md': '@4.md',
        'docs/4.md': '@5.md',
        'docs/5.md': 'too deep',
        '.github/copilot-instructions.md': '@no.md',
      },
    });
    const { project, absent } = await windowOver(temp, { automatic: 'none' }).now();
    assert.deepEqual(
      project.map(({ path }) => path),
      [
        ...['CLAUDE.md', 'README.md', 'docs/my style.md', 'docs/1.md', 'docs/2.md', 'docs/3.md', 'docs/4.md'],
        '.github/copilot-instructions.md',
      ],
    );
    assert.deepEqual(
      absent?.map(({ label, reason }) => [label, reason]),
      [
        ['gone.md', absences.outside()],
        ['5.md', absences.tooDeep()],
      ],
      'from the root of the disk; five deep',
    );
  });

  it('say which of them import what goes along, and which files they are made of', async () => {
    temp = tempWorkspace({
      files: {
        'CLAUDE.md': '@a.md @b.md @AGENTS.md @gone.md',
        'AGENTS.md': 'Be kind.',
        'a.md': '@link.md',
        'b.md': '@c.md @CLAUDE.md @a.md',
        'c.md': 'c',
        'd.md': 'd',
      },
    });
    symlinkSync('c.md', join(temp.folder, 'link.md'));
    const window = windowOver(temp, {});
    const { project, importedBy = {} } = await window.now();
    const nameOf = (uri: string): string => uri.slice(uri.lastIndexOf('/') + 1);
    assert.deepEqual(
      project.map(({ uri }) => [nameOf(uri), (importedBy[uri] ?? []).map(nameOf).join()]),
      [
        ['CLAUDE.md', ''],
        ['a.md', 'CLAUDE.md,b.md'],
        ['b.md', 'CLAUDE.md'],
        ['link.md', 'a.md,b.md'],
        ['AGENTS.md', ''],
      ],
    );
    const names = ['CLAUDE.md', 'a.md', 'link.md', 'c.md', 'gone.md', 'd.md'];
    assert.deepEqual(
      names.filter((name) => window.isInstruction(pathToFileURL(join(temp.folder, name)).href, name)),
      names.slice(0, -1),
    );
  });

  it('import nothing that is ignored, secret, elsewhere or gone, and it is said (L32)', async () => {
    const names = ['local.md', '.env', 'link.md', '../out.md', '~/.claude/me.md', 'gone.md', 'key.md'];
    temp = tempWorkspace({
      files: {
        'CLAUDE.md': names.map((name) => `@${name}\n`).join(''),
        '.gitignore': 'local.md',
        'local.md': 'ignored',
        '.env': 'KEY=1',
        'key.md': '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n',
      },
    });
    writeFileSync(join(temp.base, 'out.md'), 'outside');
    symlinkSync(join(temp.base, 'out.md'), join(temp.folder, 'link.md'));
    const { project, absent = [] } = await windowOver(temp, { tabs: ['local.md'] }).now();
    assert.deepEqual(
      project.map(({ path }) => path),
      ['CLAUDE.md'],
    );
    assert.deepEqual(
      absent.map(({ label, reason, imported }) => [label, reason.text, imported]),
      [
        ['local.md', absences.ignored().text, true],
        ['.env', absences.secret().text, true],
        ['link.md', absences.unreadable().text, true],
        ['out.md', absences.outside().text, true],
        ['me.md', absences.outside().text, true],
        ['gone.md', absences.unreadable().text, true],
        ['key.md', absences.secret().text, true],
      ],
    );
    assert.deepEqual((await windowOver(temp, { isTrusted: false }).now()).absent, undefined);
  });

  it('are each imported as near as it is named, at most twenty of a root, and what is no file is not counted', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `n${n}.md`);
    const chain = { 'a.md': '@b.md', 'b.md': '@c.md', 'c.md': '@d.md', 'd.md': '@e.md', 'e.md': '@f.md', 'f.md': 'f' };
    const words = Array.from({ length: 40 }, (_, n) => `Use @scope${n}/x.`).join('\n');
    temp = tempWorkspace({
      roots: ['one', 'two', 'three'],
      files: {
        ...Object.fromEntries(names.map((name) => [`one/${name}`, name])),
        'one/CLAUDE.md': `See ${names.map((name) => `@${name}`).join(' ')}`,
        ...Object.fromEntries(Object.entries(chain).map(([name, text]) => [`two/${name}`, text])),
        'two/CLAUDE.md': '@a.md\n@e.md',
        'three/CLAUDE.md': `${words}\nSee @x.ts and @style.md.`,
        'three/x.ts': Array.from({ length: 30 }, (_, n) => `@Decorator${n}()`).join('\n'),
        'three/style.md': 'style',
      },
    });
    const { project, absent = [] } = await windowOver(temp, {}).now();
    const of = (root: string) => project.map(({ path }) => path).filter((path) => path.startsWith(`${root}/`));
    assert.equal(of('one').length, 21);
    assert.deepEqual(of('two').slice(1), ['two/a.md', 'two/e.md', 'two/b.md', 'two/f.md', 'two/c.md', 'two/d.md']);
    assert.deepEqual(of('three'), ['three/CLAUDE.md', 'three/x.ts', 'three/style.md']);
    assert.deepEqual(
      absent.map(({ label, reason }) => [label, reason]),
      names.slice(20).map((name) => [name, absences.tooManyImports()]),
    );
  });

  it('are bounded together, and it is said of what is cut or does not fit', async () => {
    const long = (name: string) => name.repeat(60 * 1024);
    temp = tempWorkspace({
      files: {
        'CLAUDE.md': '@a.md\n@b.md\n@c.md\n@d.md',
        'a.md': long('a'),
        'b.md': long('b'),
        'c.md': long('c'),
        'd.md': 'd',
      },
    });
    const { project, absent = [] } = await windowOver(temp, { own: long('o') }).now();
    assert.deepEqual(
      project.map(({ path }) => path),
      [ownInstructions.path, 'CLAUDE.md', 'a.md', 'b.md', 'd.md'],
    );
    assert.doesNotMatch(project[0]?.text ?? '', /this file|read_file/, 'the setting is no file');
    assert.deepEqual(
      absent.map(({ label, reason }) => [label, reason]),
      [
        [ownInstructions.path, absences.cut()],
        ['a.md', absences.cut()],
        ['b.md', absences.cut()],
        ['c.md', absences.tooLarge()],
      ],
    );
  });

  it('are looked through in a moment, whatever stands in them, and only as far as they are sent (L54)', async function () {
    this.timeout(20_000);
    const mb = (unit: string) => unit.repeat(Math.floor(1_000_000 / unit.length));
    const texts = [` @${'.'.repeat(298)}`, ' @a', ' @<!--`', '<!--', '@a\\ ', '```', '-'].map(mb);
    const distinct = Array.from({ length: 7000 }, (_, n) => ` @${n}`).join('');
    const most = async (text: string) => {
      temp?.remove();
      temp = tempWorkspace({ files: { 'CLAUDE.md': text, 'late.md': 'late' } });
      const { now } = windowOver(temp, { automatic: 'none' });
      await now();
      let longest = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 1);
      const { project } = await now();
      longest = Math.max(longest, performance.now() - last);
      clearInterval(timer);
      assert.deepEqual(
        project.map(({ path }) => path),
        ['CLAUDE.md'],
      );
      return longest;
    };
    for (const text of [...texts, `${'x\n'.repeat(40_000)}@late.md`]) {
      const took = await most(text);
      assert.ok(took < 400, `${text.slice(0, 8)}: ${took} ms`);
    }
    await most(distinct);
  });

  it('import nothing in comments or code, however it stands, and a name with the sign behind it', async () => {
    temp = tempWorkspace({
      files: {
        'CLAUDE.md': [
          ...['<!-- @no.md', '@no.md', '-->', '`<!--` @a.md <!-- @no.md -->'],
          ...['1. Do:', '    ```ts', '    @no.md', '    ```', '- ```', '  @no.md', '  ```', '@b.md.'],
        ].join('\n'),
        ...{ 'no.md': 'no', 'a.md': 'a', 'b.md': 'b' },
      },
    });
    const { project, absent } = await windowOver(temp, {}).now();
    assert.deepEqual([project.map(({ path }) => path), absent], [['CLAUDE.md', 'a.md', 'b.md'], undefined]);
  });

  it('are named as VS Code names them, and it is known what they were looked for in', async () => {
    temp = tempWorkspace({ files: { 'CLAUDE.md': "@(shop)/it's!.md\n@RULES.txt", "(shop)/it's!.md": 'shop' } });
    const { now, mayChange } = windowOver(temp, {});
    const [, shop] = (await now()).project;
    assert.equal(shop?.uri.slice(-24), '/%28shop%29/it%27s%21.md');
    const rules = pathToFileURL(join(temp.folder, 'RULES.txt')).href;
    assert.deepEqual([mayChange(rules), mayChange(`${rules}x`), mayChange(shop.uri)], [true, false, true]);
    assert.ok(mayChange(shop.uri.slice(0, shop.uri.lastIndexOf('/'))), 'the folder in which it lies');
  });

  it('tell that a long one holds a key', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n${'x\n'.repeat(200_000)}`;
    temp = tempWorkspace({ files: { 'CLAUDE.md': '@key.md', 'key.md': key } });
    const { absent = [] } = await windowOver(temp, {}).now();
    assert.deepEqual(
      absent.map(({ reason }) => reason),
      [absences.secret()],
    );
  });

  it('do not come through a link that leaves the workspace (L31)', async () => {
    temp = tempWorkspace();
    symlinkSync('/etc/hosts', join(temp.folder, 'CLAUDE.md'));
    assert.deepEqual((await windowOver(temp, {}).now()).project, []);
  });
});
