/** Opens the text of a code block as a document that is not saved anywhere. */
import * as vscode from 'vscode';

/** What fences call a language that VS Code has another id for. */
const ids: Readonly<Record<string, string>> = {
  ...{ js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'javascriptreact' },
  ...{ ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'typescriptreact' },
  ...{ py: 'python', rb: 'ruby', rs: 'rust', golang: 'go', kt: 'kotlin', cs: 'csharp', 'c#': 'csharp', 'c++': 'cpp' },
  ...{ sh: 'shellscript', bash: 'shellscript', zsh: 'shellscript', shell: 'shellscript', fish: 'shellscript' },
  ...{ console: 'shellscript', ps1: 'powershell', pwsh: 'powershell', cmd: 'bat', batch: 'bat', patch: 'diff' },
  ...{ yml: 'yaml', md: 'markdown', text: 'plaintext', txt: 'plaintext', docker: 'dockerfile', make: 'makefile' },
};

/** `language` as the fence names it; one that VS Code does not know is plain text. */
export async function newFile(content: string, language: string): Promise<void> {
  const named = language.toLowerCase();
  const known = new Set(await vscode.languages.getLanguages());
  const id = [ids[named], named].find((one) => one !== undefined && known.has(one)) ?? 'plaintext';
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: id, content }));
}
