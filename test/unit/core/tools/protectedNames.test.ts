/** Which names no allowance covers: what is written there may be run. */
import assert from 'node:assert/strict';
import { runsCode } from '../../../../src/core/tools/edits/protectedNames';

const places = [
  '.vscode/settings.json',
  '.vscode/tasks.json',
  'packages/a/.vscode/deep/er.txt',
  'my.code-workspace',
  'sub/other.code-workspace',
  '.git',
  '.git/config',
  '.git/hooks/pre-commit',
  'vendor/lib/.git/info/attributes',
  'mirror.git/hooks/post-update',
  '.devcontainer/Dockerfile',
  '.devcontainer/devcontainer.json',
  '.devcontainer.json',
  '.github/workflows/ci.yml',
  'sub/.github/workflows/nested/a.yml',
  '.github/actions/build/action.yml',
  '.github/copilot-instructions.md',
  '.github/prompts/a.md',
  '.envrc',
  'app/.envrc',
  '.mcp.json',
  'app/.mcp.json',
  '.husky/pre-commit',
  '.githooks/commit-msg',
  'CLAUDE.md',
  'CLAUDE.local.md',
  'docs/CLAUDE.md',
  'AGENTS.md',
  'a/b/AGENTS.md',
  'review.prompt.md',
  'style.instructions.md',
  '.claude/settings.json',
  '.claude/skills/a/run.sh',
  'skills/a/SKILL.md',
  '.gitea/workflows/ci.yml',
  '.forgejo/workflows/ci.yml',
  '.circleci/config.yml',
  '.buildkite/hooks/environment',
  '.gitlab-ci.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  '.travis.yml',
  'Jenkinsfile',
  '.lefthook/pre-commit/check.sh',
  'lefthook.yml',
  '.lefthook.yaml',
  '.pre-commit-config.yaml',
  '.direnvrc',
];

/** As a file system may take it for the same name. */
const disguises: readonly (readonly [string, (path: string) => string])[] = [
  ['another case', (path) => path.toUpperCase()],
  [
    'mixed case',
    (path) => path.replace(/[a-z]/g, (letter, at: number) => (at % 2 === 0 ? letter.toUpperCase() : letter)),
  ],
  ['backslashes', (path) => path.replaceAll('/', '\\')],
  ['doubled slashes and dots', (path) => `./${path.replaceAll('/', '//./')}`],
  [
    'letters of full width',
    (path) => path.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
  ],
  ['a joiner that is not seen', (path) => path.replace(/(?<=[a-z])(?=[a-z])/i, '\u200d')],
  ['a blank or dots behind', (path) => path.replaceAll('/', './').concat('. ')],
  ['a stream of it', (path) => `${path}::$DATA`],
  ['a long s, a kelvin sign', (path) => path.replaceAll('s', '\u017f').replaceAll('k', '\u212a')],
  ['decomposed', (path) => path.normalize('NFD')],
];

describe('Names where writing is running code', () => {
  for (const path of places) {
    it(`are ${path}, whatever it is written like`, () => {
      assert.equal(runsCode(path), true);
      assert.equal(runsCode(`project/${path}`), true, 'below a root');
      for (const [name, disguise] of disguises)
        assert.equal(runsCode(disguise(path)), true, `${name}: ${disguise(path)}`);
    });
  }

  it('are those of a root that is such a folder', () => {
    assert.equal(runsCode('.vscode/tasks.json'), true);
    assert.equal(runsCode('.github/workflows/ci.yml'), true);
  });

  it('are no others', () => {
    for (const path of [
      'src/app.ts',
      'README.md',
      'docs/claude.txt',
      'docs/claude.md.bak',
      'my-agents.md',
      'claude/notes.md',
      'vscode/settings.json',
      'github/workflows/ci.yml',
      '.github/ISSUE_TEMPLATE/bug.md',
      '.github/dependabot.yml',
      'workflows/ci.yml',
      'prompt.md',
      'instructions.md',
      'src/git/index.ts',
      '.gitignore',
      '.gitkeep',
      '.env.example',
      'huskies/pre-commit',
      'skill.md.ts',
      'mcp.json',
      'pre-commit-config.yaml',
      'lefthook.md',
      'src/jenkinsfile.ts',
      'code-workspace.ts',
      '',
      '.',
    ]) {
      assert.equal(runsCode(path), false, path);
    }
  });

  it('are judged in time that is linear in the length of a path', () => {
    const { user } = process.cpuUsage();
    runsCode(`${'a/'.repeat(200_000)}.${' .'.repeat(200_000)}x`);
    assert.ok(process.cpuUsage().user - user < 2_000_000, 'microseconds of CPU');
  });
});
