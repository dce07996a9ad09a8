/** Earlier versions of files as read-only documents, beside the files themselves in VS Code's diff editor. */
import * as vscode from 'vscode';
import type { Store } from '../../core/record/store';
import type { ProposedTexts } from '../../core/tools/edits/editing';
import { strings } from '../base/strings';
import type { ReviewEditor, ReviewedFile } from '../session/turns/controllerDeps';

const scheme = 'prelude-version';
/** Both sides of a change that is not made yet. */
const proposalScheme = 'prelude-proposal';

/** Serves versions from the store under a scheme of its own; a version never changes. */
export class FileVersions implements ReviewEditor, vscode.TextDocumentContentProvider {
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #texts = new Map<string, string>();
  #proposals = 0;

  constructor(private readonly store: Pick<Store, 'fileVersion'>) {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.registerTextDocumentContentProvider(proposalScheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    ];
  }

  async show(files: readonly ReviewedFile[]): Promise<void> {
    const rows = files.map((file) => {
      const uri = vscode.Uri.parse(file.uri, true);
      const before = file.base === null ? undefined : uri.with({ scheme, query: versionQuery(file.base, uri) });
      return [uri, before, file.isThere ? uri : undefined] as const;
    });
    await vscode.commands.executeCommand('vscode.changes', strings.reviewTitle(), rows);
  }

  async propose({ path, before, after }: ProposedTexts): Promise<void> {
    this.#proposals += 1;
    const side = (text: string, name: string): vscode.Uri => {
      const uri = vscode.Uri.from({ scheme: proposalScheme, path: `/${path}`, query: `${name}${this.#proposals}` });
      this.#texts.set(uri.toString(), text);
      return uri;
    };
    const title = strings.proposedTitle(path.split('/').at(-1) ?? path);
    await vscode.commands.executeCommand('vscode.diff', side(before, 'before'), side(after, 'after'), title);
  }

  /** In the encoding of the file that it is of. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { scheme: kind, query } = uri;
    if (kind === proposalScheme) return this.#texts.get(uri.toString()) ?? '';
    const { digest, of } = JSON.parse(query) as { readonly digest: string; readonly of: string };
    const bytes = await this.store.fileVersion(digest);
    if (bytes === null) return strings.versionGone();
    return await vscode.workspace.decode(bytes, { uri: vscode.Uri.parse(of, true) });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#texts.clear();
  }
}

function versionQuery(digest: string, of: vscode.Uri): string {
  return JSON.stringify({ digest, of: of.toString() });
}
