/** Earlier versions of files as read-only documents, beside the files themselves in VS Code's diff editor. */
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Store } from '../../core/record/store';
import type { ProposedTexts } from '../../core/tools/edits/editing';
import { strings } from '../base/strings';
import type { ReviewEditor, ReviewedFile, ReviewPlace } from '../session/turns/controllerDeps';

const scheme = 'prelude-version';
/** Both sides of a change that is not made yet. */
const proposalScheme = 'prelude-proposal';
/** True while the active editor shows a change of a chat. */
const shownContext = 'prelude.reviewShown';

/** What the query of a version's address says. */
interface Version {
  readonly digest: string;
  /** The file that it is of. */
  readonly of: string;
  readonly unsaved: boolean;
  readonly place: ReviewPlace;
}

/** Serves versions from the store under a scheme of its own; a version never changes. */
export class FileVersions implements ReviewEditor, vscode.TextDocumentContentProvider {
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #texts = new Map<string, string>();
  #proposals = 0;
  #isShown = false;
  /** Of the reviews of new files alone that were opened here, by their files: they have no version that would say it. */
  readonly #ofNewFiles = new Map<string, ReviewPlace>();

  constructor(private readonly store: Pick<Store, 'fileVersion'>) {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.registerTextDocumentContentProvider(proposalScheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#tellShown()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.#tellShown()),
    ];
    this.#tellShown();
  }

  /** Where in the chat the change stands that the active editor shows; null where it shows none. */
  get place(): ReviewPlace | null {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab === undefined ? null : this.#placeOf(tab);
  }

  #placeOf({ input, label }: vscode.Tab): ReviewPlace | null {
    if (input instanceof vscode.TabInputTextDiff) return placeIn(input.modified);
    const diffs = diffsOf(input);
    const versions = diffs?.flatMap(({ original }) => original ?? []);
    const place = versions?.map(placeIn).find((one) => one !== null);
    if (place !== undefined) return place;
    // Its name has the number of files behind it.
    if (diffs === null || versions?.length !== 0 || !label.startsWith(strings.reviewTitle())) return null;
    return this.#ofNewFiles.get(nameOf(diffs.map(({ modified }) => modified))) ?? null;
  }

  async show(files: readonly ReviewedFile[], place: ReviewPlace): Promise<void> {
    const rows = files.map(({ uri, before }) => {
      const file = uri === null ? undefined : vscode.Uri.parse(uri, true);
      const left = before === null ? undefined : leftOf(before, place);
      return [file ?? left, left, file] as const;
    });
    await this.#closeReviewOf(place);
    if (rows.every(([, left]) => left === undefined))
      this.#ofNewFiles.set(nameOf(rows.map(([, , file]) => file)), place);
    await vscode.commands.executeCommand('vscode.changes', strings.reviewTitle(), rows);
  }

  /** VS Code opens another tab each time; one with unsaved text is left, since closing it would ask about that. */
  async #closeReviewOf(place: ReviewPlace): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const same = tabs.filter(
      (tab) => diffsOf(tab.input) !== null && !tab.isDirty && isDeepStrictEqual(this.#placeOf(tab), place),
    );
    if (same.length > 0) await vscode.window.tabGroups.close(same, true);
  }

  async propose({ path, before, after }: ProposedTexts, place: ReviewPlace): Promise<void> {
    this.#proposals += 1;
    const side = (text: string, name: string): vscode.Uri => {
      const query = JSON.stringify({ side: `${name}${this.#proposals}`, place });
      const uri = vscode.Uri.from({ scheme: proposalScheme, path: `/${path}`, query });
      this.#texts.set(uri.toString(), text);
      return uri;
    };
    const title = strings.proposedTitle(path.split('/').at(-1) ?? path);
    await vscode.commands.executeCommand('vscode.diff', side(before, 'before'), side(after, 'after'), title);
  }

  /** In the encoding of the file that it is of. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (uri.scheme === proposalScheme) return this.#texts.get(uri.toString()) ?? '';
    const { digest, of, unsaved } = JSON.parse(uri.query) as Version;
    const bytes = await this.store.fileVersion(digest);
    if (bytes === null) return strings.versionGone();
    // Of an unsaved editor the text was kept as UTF-8, whatever it is saved in.
    if (unsaved) return Buffer.from(bytes).toString('utf8');
    return await vscode.workspace.decode(bytes, { uri: vscode.Uri.parse(of, true) });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#texts.clear();
  }

  #tellShown(): void {
    const isShown = this.place !== null;
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    void vscode.commands.executeCommand('setContext', shownContext, isShown);
  }
}

function leftOf({ uri, version, unsaved }: NonNullable<ReviewedFile['before']>, place: ReviewPlace): vscode.Uri {
  const says: Version = { digest: version, of: uri, unsaved, place };
  return vscode.Uri.parse(uri, true).with({ scheme, query: JSON.stringify(says) });
}

/** Of a version; null for what is none, whatever its address says. */
function placeIn({ scheme: kind, query }: vscode.Uri): ReviewPlace | null {
  if (kind !== scheme && kind !== proposalScheme) return null;
  try {
    return (JSON.parse(query) as Partial<Version>).place ?? null;
  } catch {
    return null;
  }
}

interface Diff {
  readonly original?: vscode.Uri;
  readonly modified?: vscode.Uri;
}

/** Of a multi-diff editor, whose input has no class in the API; null for another editor. */
function diffsOf(input: unknown): readonly Diff[] | null {
  return ((input ?? {}) as { readonly textDiffs?: readonly Diff[] }).textDiffs ?? null;
}

function nameOf(files: readonly (vscode.Uri | undefined)[]): string {
  return files.join('\n');
}
