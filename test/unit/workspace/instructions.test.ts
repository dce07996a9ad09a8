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
  return { now: () => context.current(never) };
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
        ['5.md', absences.tooMany()],
      ],
      'from the root of the disk; five deep',
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

  it('import no more than twenty files', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `n${n}.md`);
    const files = Object.fromEntries(names.map((name) => [name, name]));
    temp = tempWorkspace({ files: { ...files, 'CLAUDE.md': names.map((name) => `@${name}`).join('\n') } });
    const { project, absent } = await windowOver(temp, {}).now();
    assert.deepEqual([project.length, absent?.length], [21, 5]);
  });

  it('do not come through a link that leaves the workspace (L31)', async () => {
    temp = tempWorkspace();
    symlinkSync('/etc/hosts', join(temp.folder, 'CLAUDE.md'));
    assert.deepEqual((await windowOver(temp, {}).now()).project, []);
  });
});
