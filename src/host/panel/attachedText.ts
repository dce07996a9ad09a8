/** Texts that are attached to messages, as read-only documents of the editor: what the record holds, not the file. */
import * as vscode from 'vscode';
import type { Store } from '../../core/record/store';
import { strings } from '../base/strings';

const scheme = 'prelude-attachment';

/** Serves attached texts to VS Code under a scheme of its own, by the hash of their blob. */
export class AttachedTexts implements vscode.TextDocumentContentProvider {
  readonly #registration: vscode.Disposable;

  constructor(private readonly store: Pick<Store, 'getBlob'>) {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  /** `id` is the blob's hash, `label` the file's name: its ending tells the language. */
  async open(id: string, label: string): Promise<void> {
    const name = label.replaceAll(/[\\/]/g, '_');
    const uri = vscode.Uri.from({ scheme, path: `/${id}/${name}` });
    await vscode.commands.executeCommand('vscode.open', uri, {
      preview: true,
    } satisfies vscode.TextDocumentShowOptions);
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const bytes = await this.store.getBlob(path.split('/')[1] ?? '');
    return bytes === null ? strings.textMissing() : new TextDecoder().decode(bytes);
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
