/** The prompts of a folder, as `/` offers them: over real files, and a stand-in for VS Code. */
import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusals } from '../../../../src/host/base/plainStrings';
import type { PromptFiles } from '../../../../src/host/commands/promptFiles';
import { privateKey } from '../../tools/secretTexts';
import { createStub, installStub } from '../../vscodeStub';
import { type TempWorkspace, tempWorkspace } from '../../workspace/tempWorkspace';

describe('Prompts of the workspace', () => {
  let temp: TempWorkspace;
  let restore: () => void;
  let files: PromptFiles;
  let stub: { readonly workspace: Record<string, unknown> };

  const write = (path: string, text: string | Buffer): string => temp.write(path, text);

  beforeEach(async () => {
    temp = tempWorkspace({ files: { '.gitignore': 'private*\n' } });
    const { module } = createStub({ folder: temp.folder, storage: temp.folder, settings: {}, secrets: new Map() });
    stub = module as unknown as typeof stub;
    Object.assign(stub.workspace, { isTrusted: true });
    restore = installStub(module);
    const { PromptFiles: Files } = await import('../../../../src/host/commands/promptFiles');
    files = new Files(temp.workspace);
  });
  afterEach(() => {
    restore();
    temp.remove();
  });

  it('are those of VS Code and of Claude Code, with what their settings say', async () => {
    write(
      '.github/prompts/review.prompt.md',
      `---\ndescription: Reviews\nargument-hint: file\n---\nReview \${input:file} by $1.`,
    );
    write('.github/prompts/README.md', 'no prompt');
    write('.claude/commands/git/commit.md', 'Write a commit message.');
    write('.claude/skills/deploy/SKILL.md', '---\ndescription: Deploys\n---\nDeploy.');
    write('.claude/skills/hidden/SKILL.md', '---\nuser-invocable: false\n---\nHidden.');
    const shown = (await files.list()).map(({ name, description, hint, path }) => [name, description, hint, path]);
    assert.deepEqual(shown, [
      ['review', 'Reviews', 'file', '.github/prompts/review.prompt.md'],
      ['commit', '', '', '.claude/commands/git/commit.md'],
      ['deploy', 'Deploys', '', '.claude/skills/deploy/SKILL.md'],
    ]);
    const [review] = await files.list();
    const { text, permits, runs } = await files.text(review?.id ?? '', 'a.ts');
    assert.deepEqual([text, permits, runs], ['Review a.ts by $1.', false, false]);
  });

  it('are not read when git ignores them, when they are large, binary or hold a key, or lead out of the workspace', async () => {
    write('.claude/commands/fine.md', 'Fine.');
    write('.claude/commands/private.md', 'Ignored.');
    write('.claude/commands/large.md', 'x'.repeat(70 * 1024));
    write('.claude/commands/binary.md', Buffer.from([0, 1, 2, 0]));
    write('.claude/commands/key.md', privateKey);
    write('.claude/commands/empty.md', '\n');
    writeFileSync(join(temp.base, 'outside.md'), 'Outside.');
    symlinkSync(join(temp.base, 'outside.md'), join(temp.folder, '.claude/commands/link.md'));
    assert.deepEqual(
      (await files.list()).map(({ name }) => name),
      ['fine'],
    );
  });

  it('are not looked for where a folder is a link, nor in any number of folders', async () => {
    write('elsewhere/commands/far.md', 'Far.');
    symlinkSync(join(temp.folder, 'elsewhere'), join(temp.folder, '.claude'));
    assert.deepEqual(await files.list(), []);
    const listed: string[] = [];
    const { fs } = stub.workspace as { fs: { readDirectory(uri: { path: string }): unknown } };
    const { readDirectory } = fs;
    fs.readDirectory = (uri) => {
      listed.push(uri.path);
      return readDirectory.call(fs, uri);
    };
    rmSync(join(temp.folder, '.claude'));
    for (let n = 0; n < 150; n += 1) write(`.claude/commands/f${n}/Two words.md`, 'Words.');
    const found = await files.list();
    assert.ok(listed.length <= 100 && found.length > 50, `${listed.length} folders, ${found.length} files`);
    assert.equal(found[0]?.name, 'Two-words');
  });

  it('are none before the workspace is trusted, and one that is gone says so', async () => {
    write('.claude/commands/fine.md', 'Fine.');
    write('README.md', 'A shop.');
    const [fine] = await files.list();
    const other = fine?.id.replace('.claude/commands/fine.md', 'README.md') ?? '';
    await assert.rejects(files.text(other, ''), { reason: refusals.promptGone() });
    Object.assign(stub.workspace, { isTrusted: false });
    assert.deepEqual(await files.list(), []);
    await assert.rejects(files.text(fine?.id ?? '', ''), { reason: refusals.promptGone() });
  });
});
