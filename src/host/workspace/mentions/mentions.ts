/** What of a workspace can be mentioned, and where it is: files and folders by their paths. */
import { ToolError } from '../../../core/tools/workspace';
import type { MentionList } from '../../../shared/mentions/mentions';
import { absences } from '../../base/plainStrings';
import { refused } from '../../base/refused';
import type { HostWorkspace } from '../workspace';
import { FileIndex, recentRows } from './fileIndex';

/** Files in use lately that are offered. */
const maxRecent = 20;
/** As much of a file as goes along when it is added by hand. */
const maxBytes = 1024 * 1024;

/** The port of a conversation to what can be mentioned. */
export interface MentionSource {
  /** What matches; for '' what was in use lately. It lists names, and reads nothing. */
  find(query: string, signal: AbortSignal): Promise<MentionList>;
  /** The URI of a path that was offered. Rejects with a Refused where it may not be read. */
  uriOf(path: string, signal: AbortSignal): Promise<string>;
  /** What keeps a file from being sent, as an error to throw. */
  whyNot(uri: string, signal: AbortSignal): Promise<Error>;
  /** It was chosen: it is offered first from now on. */
  chosen(path: string): void;
}

/** Over the files of a window; `recent` are the URIs of its editors, the last used first. */
export class WorkspaceMentions implements MentionSource {
  readonly #index: FileIndex;
  #chosen: readonly string[] = [];
  /** Paths in use lately, as they were when the list was opened. */
  #recent: readonly string[] = [];

  constructor(
    private readonly workspace: Pick<HostWorkspace, 'findFiles' | 'roots' | 'resolve' | 'reach' | 'access'>,
    private readonly recent: () => readonly string[],
  ) {
    this.#index = new FileIndex(workspace);
  }

  async find(query: string, signal: AbortSignal): Promise<MentionList> {
    this.#index.refresh();
    if (query.trim() !== '') return await this.#index.find(query, this.#recent, signal);
    this.#recent = await this.#recentPaths(signal);
    const rows = recentRows(this.#recent);
    return { rows, total: rows.length, partial: false };
  }

  async uriOf(path: string, signal: AbortSignal): Promise<string> {
    try {
      const found = await this.workspace.resolve(path, signal);
      if (found !== null) return found.uri;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
    const [reached] = (await this.workspace.reach?.([path], signal)) ?? [];
    const why = reached?.why[0] ?? 'unreadable';
    throw refused(absences[why === 'unchecked' ? 'tooLarge' : why]());
  }

  async whyNot(uri: string, signal: AbortSignal): Promise<Error> {
    return refused(absences[await this.workspace.access(signal).why(uri, maxBytes)]());
  }

  chosen(path: string): void {
    this.#chosen = [path, ...this.#chosen.filter((one) => one !== path)].slice(0, maxRecent);
  }

  dispose(): void {
    this.#index.dispose();
  }

  /** Each that may be read, once; what was mentioned before what was only looked at. */
  async #recentPaths(signal: AbortSignal): Promise<readonly string[]> {
    const access = this.workspace.access(signal);
    const named = await Promise.all(
      [...new Set(this.recent())].slice(0, maxRecent).map((uri) => access.named(uri).catch(() => null)),
    );
    const shown = named.flatMap((file) => (file === null || file.hidden !== null ? [] : [file.path]));
    return [...new Set([...this.#chosen, ...shown])];
  }
}
