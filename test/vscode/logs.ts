import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

const longestLog = 200_000;

/** VS Code's logs below a data folder (the extension hosts' and the output channels' too), the newest part of each. */
export async function readLogs(dataDir: string): Promise<string> {
  const parts: string[] = [];
  for (const folder of [join(dataDir, 'logs'), join(dataDir, 'data', 'logs')]) {
    const files = await readdir(folder, { recursive: true }).catch(() => []);
    for (const file of files.filter((name) => name.endsWith('.log')).sort()) {
      const path = join(folder, file);
      if (!(await stat(path)).isFile()) continue;
      const text = await readFile(path, 'utf8');
      if (text !== '') parts.push(`== ${relative(dataDir, path)}\n${text.slice(-longestLog)}`);
    }
  }
  return parts.join('\n');
}
