/** Settings of the open folder that the user is asked about once, with their price; the answers stay on this machine. */
import type { Log } from '../../core/base/ports';
import type { ChatSettings } from '../../core/base/settings';
import type { Model } from '../../core/models/models';
import type { Store } from '../../core/record/store';
import { inLabel } from '../../core/tools/words/text';
import type { LocalizableMessage } from '../../shared/chat';
import { folderStrings } from '../base/plainStrings';
import { type ConsentSetting, type FolderWish, folderWishes, type ReadScoped } from './scopedSettings';

interface FolderSettingsParts {
  readonly store: Pick<Store, 'getValue' | 'setValue'>;
  readonly log: Log;
  /** The workspace's key (WorkspaceIdentity). */
  readonly workspace: string;
  readonly read: ReadScoped;
  /** What holds now. */
  readonly settings: () => ChatSettings;
  readonly modelOf: (id: string) => Model;
  /** Resolves to null when the user did not answer. */
  readonly ask: (
    question: LocalizableMessage,
    yes: LocalizableMessage,
    no: LocalizableMessage,
  ) => Promise<boolean | null>;
  /** What was agreed to holds now. */
  readonly onDidChange: () => void;
}

/** Asks about what the open folder's settings would change, and remembers each answer for that folder and value. */
export class FolderSettings {
  /** By wish: true once agreed to, false once declined. */
  readonly #answers = new Map<string, boolean>();
  /** Wishes that were asked about in this window; one that was waved away is asked about again in the next. */
  readonly #questioned = new Set<string>();
  #work: Promise<void> = Promise.resolve();

  constructor(private readonly parts: FolderSettingsParts) {}

  /** False as long as the user has not agreed. */
  readonly approves = (setting: ConsentSetting, value: string | number): boolean =>
    this.#answers.get(nameOf({ setting, value })) === true;

  /** Learns what was answered before. A store that cannot say leaves the user's own settings in force. */
  async load(): Promise<void> {
    for (const wish of folderWishes(this.parts.read)) await this.#recall(wish);
  }

  /** Asks about what the folder wants and was not answered yet, one after another. Call it when settings change. */
  async check(): Promise<void> {
    // What was agreed to before holds at once, whatever question waits.
    await this.load();
    if (folderWishes(this.parts.read).some((wish) => this.#answers.get(nameOf(wish)) === true)) {
      this.parts.onDidChange();
    }
    this.#work = this.#work
      .then(() => this.#ask())
      .catch((error: unknown) => this.parts.log.error('what the folder’s settings want could not be asked', error));
    await this.#work;
  }

  /** Remembers an answer: the user's own act counts as one. */
  async answer(wish: FolderWish, agreed: boolean): Promise<void> {
    this.#answers.set(nameOf(wish), agreed);
    await this.parts.store.setValue(this.#key(wish), agreed ? 'used' : 'declined');
  }

  async #ask(): Promise<void> {
    for (let wish = this.#next(); wish !== undefined; wish = this.#next()) {
      this.#questioned.add(nameOf(wish));
      const { question, yes, no } = wordsOf(wish, this.parts.settings(), this.parts.modelOf);
      const agreed = await this.parts.ask(question, yes, no);
      if (agreed === null) continue;
      await this.answer(wish, agreed);
      if (agreed) this.parts.onDidChange();
    }
  }

  /** The folder may want something else by the time that a question is answered. */
  #next(): FolderWish | undefined {
    return folderWishes(this.parts.read).find(
      (wish) => !this.#answers.has(nameOf(wish)) && !this.#questioned.has(nameOf(wish)),
    );
  }

  async #recall(wish: FolderWish): Promise<void> {
    if (this.#answers.has(nameOf(wish))) return;
    try {
      const stored = await this.parts.store.getValue(this.#key(wish));
      if (stored !== null) this.#answers.set(nameOf(wish), stored === 'used');
    } catch (error) {
      this.parts.log.error('what was answered about the folder’s settings could not be read', error);
    }
  }

  #key(wish: FolderWish): string {
    return `folderSetting:${this.parts.workspace}:${nameOf(wish)}`;
  }
}

function nameOf({ setting, value }: FolderWish): string {
  return `${setting}=${value}`;
}

/** What is asked, with what it costs. */
export function wordsOf(
  { setting, value }: FolderWish,
  now: ChatSettings,
  modelOf: (id: string) => Model,
): { readonly question: LocalizableMessage; readonly yes: LocalizableMessage; readonly no: LocalizableMessage } {
  const model = modelOf(now.model);
  const asks = (question: LocalizableMessage, used: string | number) => {
    return { question, yes: folderStrings.use(used), no: folderStrings.keep() };
  };
  switch (setting) {
    case 'model': {
      const other = modelOf(String(value));
      const names = [inLabel(other.name), priceOf(other), inLabel(model.name), priceOf(model)] as const;
      return asks(folderStrings.model(...names), inLabel(other.name));
    }
    case 'effort':
      return asks(folderStrings.effort(value, now.effort, inLabel(model.name), priceOf(model)), value);
    case 'maxTokens': {
      const wanted = Number(value).toLocaleString('en-US');
      const own = now.maxTokens === null ? folderStrings.default() : now.maxTokens.toLocaleString('en-US');
      const price = answerPrice(Number(value), model);
      return asks(folderStrings.maxTokens(wanted, price, inLabel(model.name), own), wanted);
    }
  }
}

function priceOf({ prices }: Model): LocalizableMessage {
  return prices === null ? folderStrings.priceUnknown() : folderStrings.price(prices.input, prices.output);
}

function answerPrice(tokens: number, { prices }: Model): LocalizableMessage {
  if (prices === null) return folderStrings.priceUnknown();
  return folderStrings.answerPrice(((tokens * prices.output) / 1_000_000).toFixed(2));
}
