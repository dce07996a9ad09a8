/** Files whose language services tell of the workspace's symbols only once one of them was loaded. */

/** A pattern for each language. */
export const starters: readonly string[] = [
  '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}',
  '*.py',
  '*.go',
  '*.rs',
  '*.java',
  '*.{c,cc,cpp,cxx,h,hpp}',
  '*.cs',
  '*.php',
];
