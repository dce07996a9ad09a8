/** How fast the workspace's tools are, beside the programs that one would use in a terminal. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runTool } from '../../src/core/tools/all';
import { Locator } from '../../src/host/workspace/ignore/locate';
import { hostRipgrep, never, type TempWorkspace, tempWorkspace, tool } from '../unit/workspace/tempWorkspace';
import { repoRoot } from '../vscode/paths';
import { type Bench, type BenchOptions, type Figure, figure, median } from './bench';
import { ignoreLines, makeLog, makeTree } from './tools/trees';

const rounds = 7;
const manyFiles = 50_000;
const fewFiles = 5_000;
const logBytes = 50 * 1024 * 1024;
/** ms after which a file is taken for written. */
const restMs = 2_500;
/** ms that a later read of a log may take beyond three times `tail`. */
const grace = 10;

type Side = () => Promise<void> | void;

/** Wall time of a side, in ms. */
async function timed(side: Side): Promise<number> {
  const from = performance.now();
  await side();
  return performance.now() - from;
}

/** Median of the quotients of two sides that take turns; `graceMs` is taken off the first. */
async function against(measured: Side, baseline: Side, graceMs = 0): Promise<number> {
  await measured();
  await baseline();
  const quotients: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await timed(measured);
    quotients.push(Math.max(0, first - graceMs) / (await timed(baseline)));
  }
  return median(quotients);
}

/** A program's output, as one would have it in a terminal. */
function output(program: string, args: readonly string[], cwd: string, input?: string): string {
  try {
    return execFileSync(program, args, {
      cwd,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  } catch (error) {
    // Nothing found is 1.
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status === 1) return stdout ?? '';
    throw error;
  }
}

async function use({ ports }: TempWorkspace, name: string, input: object): Promise<string> {
  const { content } = await runTool(tool(name), input, ports, never);
  return typeof content === 'string' ? content : JSON.stringify(content);
}

async function searching(ripgrep: string): Promise<readonly Figure[]> {
  const many = tempWorkspace({ ripgrep });
  const few = tempWorkspace({ ripgrep });
  try {
    makeTree(many.folder, manyFiles, '*.log\nbuild/\n');
    makeTree(few.folder, fewFiles, '*.log\nbuild/\n');
    const search = await against(
      async () => void (await use(many, 'search_text', { query: 'needle' })),
      () => void output(ripgrep, ['--json', '--no-require-git', 'needle', '.'], many.folder),
    );
    const find = await against(
      async () => void (await use(many, 'find_files', { pattern: '*.css' })),
      () => void output(ripgrep, ['--files', '--no-require-git'], many.folder),
    );
    const peak = ({ base }: TempWorkspace): number =>
      Number(output(process.execPath, [join(repoRoot(), 'dist/test/bench/tools/peak.js'), base, ripgrep], base));
    const peaks = [0, 1, 2].map(() => peak(many) / peak(few));
    return [
      figure('search_text over 50,000 files ÷ rg --json', search, '×', 1.3),
      figure('find_files over 50,000 files ÷ rg --files', find, '×', 1.5),
      figure('most memory of a process, 50,000 ÷ 5,000 files', median(peaks), '×', 1.2),
    ];
  } finally {
    many.remove();
    few.remove();
  }
}

async function reading(ripgrep: string): Promise<readonly Figure[]> {
  const workspace = tempWorkspace({ ripgrep });
  const log = join(workspace.folder, 'big.log');
  try {
    const firsts: number[] = [];
    let lines = 0;
    const tail = async (): Promise<void> => {
      const read = await use(workspace, 'read_file', { path: 'big.log', start_line: lines - 100 });
      if (!read.includes(`request ${lines - 1} `)) throw new Error(`the log's end was not read: ${read.slice(0, 200)}`);
    };
    for (let round = 0; round < 5; round += 1) {
      // Another file each time: nothing is known of it.
      makeLog(log, logBytes + round);
      // One that is being written is looked through anew each time.
      await new Promise((resolve) => setTimeout(resolve, restMs));
      const count = await timed(() => {
        lines = Number(output('grep', ['-c', '', log], workspace.folder));
      });
      firsts.push((await timed(tail)) / count);
    }
    const later = await against(tail, () => void output('tail', ['-n', '101', log], workspace.folder), grace);
    return [
      figure('read_file of the end of a 50 MB log, first ÷ grep -c', median(firsts), '×', 3),
      figure('the same later, less 10 ms ÷ tail', later, '×', 3),
    ];
  } finally {
    workspace.remove();
  }
}

async function ignoring(ripgrep: string, { say }: BenchOptions): Promise<readonly Figure[]> {
  const workspace = tempWorkspace();
  try {
    const paths = makeTree(workspace.folder, manyFiles, `${ignoreLines.join('\n')}\n`);
    output('git', ['init', '-q'], workspace.folder);
    const asked = ['-c', 'core.excludesFile=', 'check-ignore', '--no-index', '-z', '--stdin'];
    let byGit = new Set<string>();
    let ours: readonly string[] = [];
    const quotient = await against(
      async () => {
        const locator = new Locator(workspace.facts);
        const [root] = locator.roots;
        if (root === undefined) return;
        const visibility = locator.visibility(root);
        const ignored: string[] = [];
        for (const path of paths) if (!(await visibility.isVisible(path, false))) ignored.push(path);
        ours = ignored;
      },
      () => {
        byGit = new Set(output('git', asked, workspace.folder, paths.join('\0')).split('\0').filter(Boolean));
      },
    );
    const mine = new Set(ours);
    const shown = output(ripgrep, ['--files', '--hidden', '--no-require-git', '--null'], workspace.folder);
    const byRipgrep = new Set(shown.split('\0'));
    const differing = paths.filter((path) => mine.has(path) !== byGit.has(path));
    const isRipgreps = (path: string): boolean => mine.has(path) !== byRipgrep.has(path);
    const its = differing.filter(isRipgreps);
    const own = differing.filter((path) => !isRipgreps(path));
    for (const path of own.slice(0, 20)) say(`  ${path}: git ${byGit.has(path) ? 'ignores' : 'shows'} it`);
    say(
      `  git ignores ${byGit.size} of ${paths.length} files; ripgrep reads ${its.length} of them as we do and git does not`,
    );
    return [
      figure('decisions on 50,000 files that are neither git’s nor ripgrep’s', own.length, '', 0),
      figure('time of the decisions ÷ git check-ignore', quotient, '×'),
    ];
  } finally {
    workspace.remove();
  }
}

export const toolsBench: Bench = {
  name: 'tools',
  about: "the workspace's tools, beside ripgrep, grep, tail and git on the same files",
  async run(options) {
    const ripgrep = await hostRipgrep();
    return [...(await searching(ripgrep)), ...(await reading(ripgrep)), ...(await ignoring(ripgrep, options))];
  },
};
