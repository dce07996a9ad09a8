/** The git of the user's machine: that of the built-in Git extension, of its setting, else one on the PATH. */
import { access, constants, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { GitProgram } from '../files/facts';
import { gitPlaces } from './tracked';

/** Of the exports of `vscode.git`. */
interface GitExtension {
  getAPI(version: 1): { readonly git?: { readonly path?: unknown } };
}

/** On macOS this one only asks to install developer tools where there are none. */
const macStub = '/usr/bin/git';
const macTools = ['/Library/Developer/CommandLineTools/usr/bin/git', '/Applications/Xcode.app'];

/** Looked for at each call: it may be installed, or the setting changed, at any time. */
export async function findGit(): Promise<GitProgram> {
  if (!vscode.workspace.isTrusted) return { kind: 'untrusted' };
  const setting = vscode.workspace.getConfiguration('git').inspect<unknown>('path')?.globalValue;
  const named = [pathOfExtension(), ...(Array.isArray(setting) ? setting : [setting])];
  const places = named.filter((path): path is string => typeof path === 'string' && path !== '');
  for (const file of gitPlaces(places, process.env['PATH'] ?? '', process.platform)) {
    if (await isProgram(file)) return { kind: 'found', file };
  }
  return { kind: 'missing' };
}

function pathOfExtension(): unknown {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  try {
    return extension?.isActive === true ? extension.exports.getAPI(1).git?.path : undefined;
  } catch {
    // The user has switched git off.
    return undefined;
  }
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    if (!(await stat(file)).isFile()) return false;
    if (process.platform !== 'darwin' || file !== macStub) return true;
    return (await Promise.all(macTools.map(isThere))).some(Boolean);
  } catch {
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
