import { spawn } from 'node:child_process';

/** Runs the same command on another Node.js; resolves to its exit code. */
export function respawn(node: string, argv: readonly string[]): Promise<number> {
  const script = process.argv[1] ?? __filename;
  return new Promise((resolve, reject) => {
    const child = spawn(node, ['--no-warnings', '--enable-source-maps', script, ...argv], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
