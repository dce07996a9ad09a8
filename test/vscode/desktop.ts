import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { hostCache, messageOf } from './paths';

const updateServer = 'https://update.code.visualstudio.com/api/releases/stable';
const answerMilliseconds = 4_000;
/** For this long an unreachable update server is not asked again. */
const rememberMilliseconds = 24 * 60 * 60 * 1_000;

function hasScreen(): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

async function isReachable(): Promise<boolean> {
  const memo = join(hostCache(), 'desktopUnreachable');
  const since = Number(await readFile(memo, 'utf8').catch(() => '0'));
  if (Date.now() - since < rememberMilliseconds) return false;
  const reachable = await fetch(updateServer, { signal: AbortSignal.timeout(answerMilliseconds) }).then(
    (response) => response.ok,
    () => false,
  );
  if (reachable) await rm(memo, { force: true });
  else {
    await mkdir(hostCache(), { recursive: true });
    await writeFile(memo, String(Date.now()));
  }
  return reachable;
}

/**
 * The executable of a desktop VS Code: the one that PRELUDE_VSCODE names; else, where there is a screen or
 * PRELUDE_DESKTOP=1 asks for it (PRELUDE_DESKTOP=0 forbids it), a downloaded one, if the update server can be reached.
 */
export async function findDesktop(): Promise<string | undefined> {
  const named = process.env['PRELUDE_VSCODE'];
  if (named) {
    if (!existsSync(named)) throw new Error(`PRELUDE_VSCODE names ${named}, which does not exist.`);
    return named;
  }
  const wish = process.env['PRELUDE_DESKTOP'];
  if (wish === '0' || (wish !== '1' && !hasScreen())) return undefined;
  if (!(await isReachable())) {
    if (wish === '1')
      process.stderr.write('No desktop VS Code can be downloaded from here: its server is used instead.\n');
    return undefined;
  }
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(hostCache(), 'desktop'), reporter: new SilentReporter() });
  } catch (error) {
    process.stderr.write(
      `The desktop VS Code could not be downloaded (${messageOf(error)}): its server is used instead.\n`,
    );
    return undefined;
  }
}
