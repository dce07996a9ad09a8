/** Prints how much memory a process takes at most, in kB, that uses the tools on a tree: `node peak.js BASE RIPGREP`. */
import { runTool } from '../../../src/core/tools/all';
import { never, tempWorkspace, tool } from '../../unit/workspace/tempWorkspace';

async function main(base: string, ripgrep: string): Promise<void> {
  const { ports } = tempWorkspace({ base, ripgrep });
  for (let time = 0; time < 3; time += 1) {
    await runTool(tool('search_text'), { query: 'needle' }, ports, never);
    await runTool(tool('find_files'), { pattern: '*.ts' }, ports, never);
    await runTool(tool('list_directory'), { path: 'area1' }, ports, never);
  }
  process.stdout.write(String(process.resourceUsage().maxRSS));
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
