/** Trees of files that the tools are measured on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Thirty kinds of lines that an ignore file may hold, each of which concerns some files of a tree. */
export const ignoreLines: readonly string[] = [
  '# a comment',
  '*.log',
  '!keep.log',
  '/generated1',
  'build/',
  '**/cache',
  'area2/**/out',
  'area3/**',
  '!area3/part0',
  '!area3/part0/**',
  'file1?.txt',
  'file[2-4]0.md',
  'file[!0-8]9.json',
  'file[[:digit:]]7.css',
  '*.t[mn]p',
  '\\#odd',
  '\\!odd',
  'with\\ blank.ts',
  'trailing.ts   ',
  'trailing\\ ',
  'area4/part1/*.ts',
  '/area5/*/file3*.ts',
  '*.a*b*c',
  'area6/part*/file?5.*',
  'a/b',
  '**/deep/**/leaf.ts',
  'half*way',
  'é*.ts',
  '[',
  'part7/',
];

const endings = ['ts', 'md', 'json', 'css', 'txt', 'log', 'tmp', 'a1b2c'];
const odd = [
  'keep.log',
  'generated1',
  '#odd',
  '!odd',
  'with blank.ts',
  'trailing.ts',
  'élan.ts',
  'half-a-way',
  'deep/x/y/leaf.ts',
  'a/b',
  'build/made.ts',
  'cache/entry',
  'out/made.ts',
];
const filesInFolder = 100;

/**
 * Writes so many files of some 600 bytes into a folder, a hundred in each folder of it; `ignore` is the text of the
 * ignore file at its top. Their paths, with forward slashes.
 */
export function makeTree(folder: string, files: number, ignore: string): readonly string[] {
  const paths: string[] = [];
  const line = 'const value = compute(input, options); // a line of code as files have it\n'.repeat(4);
  for (let n = 0; paths.length < files; n += 1) {
    const place = `area${n % 9}/part${Math.floor(n / 9) % 9}/group${Math.floor(n / 81)}`;
    const names = Array.from({ length: filesInFolder }, (_, at) => `file${at}.${endings[(n + at) % endings.length]}`);
    for (const name of n % 10 === 0 ? [...names, ...odd] : names) {
      if (paths.length === files) break;
      const path = `${place}/${name}`;
      const needle = paths.length % 1250 === 7 ? 'the needle lies here\n' : '';
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `// ${path}\n${line}${needle}${line}`);
      paths.push(path);
    }
  }
  writeFileSync(join(folder, '.gitignore'), ignore);
  return paths;
}

/** Writes a log of so many bytes. */
export function makeLog(file: string, bytes: number): void {
  const lines: string[] = [];
  let length = 0;
  for (let n = 0; length < bytes; n += 1) {
    const line = `2026-11-27T10:${String(n % 60).padStart(2, '0')}:00 request ${n} took ${(n * 7) % 113} ms\n`;
    lines.push(line);
    length += line.length;
  }
  writeFileSync(file, lines.join(''));
}
