/** The chat as a view of a side bar: a link to the conversations while it is visible. */
import * as vscode from 'vscode';
import { chatViewId } from '../base/commandIds';
import { strings } from '../base/strings';
import { type ChatPageParts, fillChatPage, tellFocus } from './chatPage';
import type { MoveHome } from './home';
import type { ChatSessions, FindStep, TurnTarget, ViewLink } from './viewLink';
import type { ChatPage } from './webviewPage';

interface ChatViewParts extends ChatPageParts {
  readonly sessions: ChatSessions;
  /** Moves the view to where it was in earlier versions; null where it stays. */
  readonly moveHome?: MoveHome | null;
  /** How much waits for the user in the conversations of this workspace, and when that changes. */
  readonly waiting: { readonly count: number; onDidChange(callback: () => void): () => void };
}

/** The side bar's webview, as VS Code makes, hides and shows it. */
export class ChatView {
  #link: ViewLink | null = null;
  #focusWanted = false;
  #listWanted = false;
  #isFocused = false;
  #isUsed = false;
  #view: vscode.WebviewView | null = null;
  #moveHome: MoveHome | null;
  readonly #unsubscribe: () => void;

  constructor(private readonly parts: ChatViewParts) {
    this.#moveHome = parts.moveHome ?? null;
    this.#unsubscribe = parts.waiting.onDidChange(() => this.#showBadge());
  }

  /** It is in sight, and of all chats it had the keys last: a list of VS Code's own may have them now. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Another chat is used. */
  leave(): void {
    this.#isUsed = false;
  }

  /** `page`: its page, where it loads already. */
  resolveWebviewView(view: vscode.WebviewView, page?: ChatPage): void {
    this.#link?.dispose();
    // What a document said that was hidden meanwhile is nobody's.
    if (!view.visible) page?.forget();
    const parts = { ...this.parts, onFocus: (focused: boolean) => this.#tellFocus(focused) };
    const { sessions, log } = parts;
    const takeFocus = (): void => {
      this.focus().catch((error: unknown) => log.error('The panel could not get the focus', error));
    };
    const { link, subscription } = fillChatPage(view.webview, 'sidebar', sessions, parts, takeFocus, page);
    this.#link = link;
    this.#view = view;
    this.#showBadge();
    if (this.#focusWanted) link.focus();
    if (this.#listWanted) link.toggleList();
    this.#focusWanted = false;
    this.#listWanted = false;
    this.#moveHome?.(() => view.visible).catch((error: unknown) => log.error('The panel could not be moved', error));
    this.#moveHome = null;

    const subscriptions = [
      subscription,
      // A hidden view's document is thrown away (no retainContextWhenHidden); shown again, its script starts anew.
      view.onDidChangeVisibility(() => {
        if (view.visible) return;
        link.hide();
        this.leave();
        if (this.#isFocused) this.#tellFocus(false);
      }),
    ];
    view.onDidDispose(() => {
      for (const one of subscriptions) one.dispose();
      link.dispose();
      if (this.#link === link) this.#link = null;
      if (this.#view !== view) return;
      this.#view = null;
      this.leave();
      if (this.#isFocused) this.#tellFocus(false);
    });
  }

  /** Opens the view and puts the cursor into the composer. */
  async focus(): Promise<void> {
    if (this.#link === null) this.#focusWanted = true;
    else this.#link.focus();
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
  }

  /** Shows the view and leaves the focus where it is. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${chatViewId}.focus`, { preserveFocus: true });
  }

  /** Goes to what an answer has changed, else to what waits for the user in what the view shows. */
  async review(answer: string | null = null): Promise<void> {
    await this.#takeKeys();
    this.#link?.review(answer);
  }

  /** Opens the box that finds in what the view shows, or goes on with it. */
  async find(step: FindStep): Promise<void> {
    await this.#takeKeys();
    this.#link?.find(step);
  }

  /** Goes to a question in what the view shows. */
  async goToTurn(to: TurnTarget): Promise<void> {
    await this.#takeKeys();
    this.#link?.goToTurn(to);
  }

  /** Goes to the card of a code block in what the view shows. */
  async showCard(key: string): Promise<void> {
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
    this.#link?.showCard(key);
  }

  /** Opens the view with the list of conversations, or closes the list. */
  async toggleList(): Promise<void> {
    if (this.#link === null) this.#listWanted = true;
    else this.#link.toggleList();
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
  }

  /** Gives what the view shows another title, in the list. */
  async rename(): Promise<void> {
    await this.#takeKeys();
    this.#link?.rename();
  }

  /** Where it has the keys already, giving them to it would swallow those that follow. */
  async #takeKeys(): Promise<void> {
    if (!this.#isFocused) await vscode.commands.executeCommand(`${chatViewId}.focus`);
  }

  #tellFocus(focused: boolean): void {
    this.#isFocused = focused;
    this.#isUsed ||= focused;
    tellFocus('prelude.viewFocused', focused, this.parts.log);
  }

  #showBadge(): void {
    if (this.#view === null) return;
    const value = this.parts.waiting.count;
    const before = this.#view.badge?.value ?? 0;
    if (value === before) return;
    this.#view.badge = value === 0 ? undefined : { value, tooltip: strings.needYou(value) };
  }

  dispose(): void {
    this.#unsubscribe();
    this.#link?.dispose();
    this.#link = null;
  }
}
