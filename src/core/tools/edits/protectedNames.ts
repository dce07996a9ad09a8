/**
 * Places where writing is running code: what stands there is run or obeyed by the editor, git, a shell, a server's
 * build or an agent, mostly without a further question. No allowance covers them. Names are compared as the laxest file
 * system would: without case, in one Unicode form, without characters that are not seen, without what Windows drops.
 */

/** Longer names exist on no disk: what follows is not looked at. */
const maxName = 1_000;

/** All that lies in a folder of such a name, and a file of that name. */
const folders: ReadonlySet<string> = new Set([
  // Tasks, launches, settings that name programs.
  '.vscode',
  '.devcontainer',
  '.idea',
  // Hooks, filters, aliases. A work tree's or a submodule's `.git` is a file that says where they are.
  '.git',
  'git~1',
  '.githooks',
  '.git-hooks',
  '.husky',
  '.lefthook',
  // What a server builds by.
  '.circleci',
  '.buildkite',
  // Instructions, skills, commands, hooks and servers of agents.
  '.claude',
  '.agents',
  '.codex',
  '.cursor',
  '.gemini',
  '.clinerules',
  '.roo',
  '.continue',
  '.windsurf',
]);

/** The same two names deep. */
const folderPairs: ReadonlySet<string> = new Set([
  ...['workflows', 'actions', 'hooks', 'prompts', 'instructions', 'skills', 'agents', 'chatmodes'].map(
    (name) => `.github/${name}`,
  ),
  '.github/copilot-instructions.md',
  '.gitlab/agents',
  '.gitea/workflows',
  '.forgejo/workflows',
]);

const files: ReadonlySet<string> = new Set([
  '.envrc',
  '.direnvrc',
  '.mcp.json',
  '.devcontainer.json',
  '.gitconfig',
  '.gitmodules',
  'claude.md',
  'claude.local.md',
  'agents.md',
  'agents.override.md',
  'agent.md',
  'gemini.md',
  'skill.md',
  '.cursorrules',
  '.windsurfrules',
  '.gitlab-ci.yml',
  '.travis.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  'jenkinsfile',
  '.pre-commit-config.yaml',
  ...['lefthook', '.lefthook'].flatMap((name) => [`${name}.yml`, `${name}.yaml`]),
]);

const endings: readonly string[] = [
  '.code-workspace',
  '.prompt.md',
  '.instructions.md',
  '.chatmode.md',
  '.agent.md',
  // A bare repository, whose hooks lie right there.
  '.git',
];

/**
 * True where what is written at a path may be run by something. `path` has the names of the folders from a root on, the
 * root's own name in front: someone may have opened `.github/workflows` itself.
 */
export function runsCode(path: string): boolean {
  const names = path
    .split(/[\\/]/)
    .map(foldedName)
    .filter((name) => name !== '' && name !== '.');
  return names.some((name, index) => {
    if (folders.has(name) || folderPairs.has(`${names[index - 1] ?? ''}/${name}`)) return true;
    if (name.endsWith('.git')) return true;
    return index === names.length - 1 && (files.has(name) || endings.some((ending) => name.endsWith(ending)));
  });
}

/** As the laxest file system knows it: Windows reads the same file at `.git::$DATA` and `.git. `. */
function foldedName(segment: string): string {
  return (
    segment
      .slice(0, maxName)
      .normalize('NFKC')
      // Both ways: some letters have a capital in common only.
      .toUpperCase()
      .toLowerCase()
      .replace(/\p{Default_Ignorable_Code_Point}|\p{Cc}/gu, '')
      .replace(/(?<=[^:]):.*$/s, '')
      .replace(/[. ]+$/, '')
      .trimStart()
  );
}
