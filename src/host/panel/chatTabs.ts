/** Conversations as editor tabs: each tab shows one at a time, and shows the same one again after a reload. */
import * as vscode from 'vscode';
import { chatTabType } from '../base/commandIds';
import { strings } from '../base/strings';
import type { Chats } from '../session/chats';
import type { ChatController } from '../session/controller';
import type { ReviewPlace } from '../session/turns/controllerDeps';
import { type ChatPageParts, fillChatPage, tellFocus } from './chatPage';
import { ChatPlace } from './chatPlace';
import type { FindStep, TurnTarget, ViewLink } from './viewLink';
import { type ChatPage, tabIcon } from './webviewPage';

interface ChatTabsParts extends ChatPageParts {
  readonly chats: Chats;
  /** A tab has become the active editor, or has got the keys. */
  readonly onUse: () => void;
}

interface Tab {
  readonly panel: vscode.WebviewPanel;
  readonly place: ChatPlace;
  readonly link: ViewLink;
}

/** The chat's editor tabs: opens them, and gives them back their conversation after a reload. */
export class ChatTabs {
  /** The one that was active last is the last. */
  #tabs: readonly Tab[] = [];
  /** The keys go into it. */
  #focused: vscode.WebviewPanel | null = null;
  readonly #unsubscribe: () => void;

  constructor(private readonly parts: ChatTabsParts) {
    this.#unsubscribe = parts.chats.onDidChange((id) => this.#retitle(id));
  }

  /** Shows a conversation in a tab: the one it has already, else a new one beside the active. null: a new conversation. */
  async open(conversation: string | null): Promise<void> {
    for (const tab of this.#tabs) {
      if (conversation === null || tab.place.currentId !== conversation) continue;
      tab.panel.reveal();
      tab.link.focus();
      return;
    }
    const panel = vscode.window.createWebviewPanel(chatTabType, strings.untitled(), vscode.ViewColumn.Active);
    this.#add(panel, conversation).link.focus();
  }

  /** After a reload: `state` is what the panel's script kept; its page loads already. */
  restore(panel: vscode.WebviewPanel, state: unknown, page: ChatPage): void {
    const kept = typeof state === 'object' && state !== null && 'conversation' in state ? state.conversation : null;
    // What a document said that was hidden meanwhile is nobody's.
    if (!panel.visible) page.forget();
    this.#add(panel, typeof kept === 'string' && kept !== '' ? kept : null, page);
  }

  /** The tab that has the focus, or had it last in the active group; null when the active editor is no chat. */
  get active(): {
    startNew(): Promise<void>;
    toggleList(): void;
    rename(): void;
    review(): void;
    find(step: FindStep): void;
    goToTurn(to: TurnTarget): void;
    showCard(key: string): void;
    current(): Promise<ChatController>;
  } | null {
    const tab = this.#tabs.find(({ panel }) => panel.active);
    if (tab === undefined) return null;
    return {
      startNew: async () => {
        await tab.place.startNew();
        tab.link.focus();
      },
      toggleList: () => tab.link.toggleList(),
      rename: () => tab.link.rename(),
      review: () => tab.link.review(),
      find: (step) => tab.link.find(step),
      goToTurn: (to) => tab.link.goToTurn(to),
      showCard: (key) => tab.link.showCard(key),
      current: () => tab.place.current(),
    };
  }

  /** Goes to what an answer has changed, in the tab that shows its conversation; false when none does. */
  review({ conversation, answer }: ReviewPlace): boolean {
    const tab = this.#tabs.findLast(({ place }) => place.currentId === conversation);
    tab?.panel.reveal();
    tab?.link.review(answer);
    return tab !== undefined;
  }

  /** What the tab shows that is in sight; of several the one that was active last. */
  get inSight(): ChatPlace | null {
    return this.#tabs.findLast(({ panel }) => panel.visible)?.place ?? null;
  }

  /** A conversation was deleted: tabs that show it are closed. */
  async close(conversation: string): Promise<void> {
    for (const tab of this.#tabs) {
      if (tab.place.currentId === conversation) tab.panel.dispose();
    }
  }

  dispose(): void {
    this.#unsubscribe();
    // The tabs themselves stay: VS Code restores them.
    for (const { link, place } of this.#tabs) {
      link.dispose();
      place.closePlace();
    }
    this.#tabs = [];
  }

  #add(panel: vscode.WebviewPanel, conversation: string | null, page?: ChatPage): Tab {
    const { chats, extensionUri, log } = this.parts;
    const place = new ChatPlace({ chats, first: async () => conversation, remember: async () => undefined, log });
    panel.iconPath = tabIcon(extensionUri);
    const parts = { ...this.parts, onFocus: (focused: boolean) => this.#focus(panel, focused) };
    const { link, subscription } = fillChatPage(panel.webview, 'editor', place, parts, () => panel.reveal(), page);
    const tab: Tab = { panel, place, link };
    this.#tabs = panel.active ? [...this.#tabs, tab] : [tab, ...this.#tabs];
    let isActive = panel.active;
    if (isActive) this.parts.onUse();
    const unsubscribe = place.onDidChangeCurrent(() => this.#title(tab));
    // The view says why there is none.
    place.current().then(
      () => this.#title(tab),
      () => undefined,
    );
    const visibility = panel.onDidChangeViewState(() => {
      // A hidden tab's document is thrown away; its conversation goes on.
      if (!panel.visible) {
        link.hide();
        this.#focus(panel, false);
      }
      if (panel.active) this.#tabs = [...this.#without(tab), tab];
      // It may only have been moved.
      if (panel.active && !isActive) this.parts.onUse();
      isActive = panel.active;
    });
    panel.onDidDispose(() => {
      this.#tabs = this.#without(tab);
      this.#focus(panel, false);
      unsubscribe();
      visibility.dispose();
      subscription.dispose();
      link.dispose();
      place.closePlace();
    });
    return tab;
  }

  /** One tab may say that it has the keys before the other says that it has them no more. */
  #focus(panel: vscode.WebviewPanel, focused: boolean): void {
    if (!focused && this.#focused !== panel) return;
    this.#focused = focused ? panel : null;
    if (focused) this.parts.onUse();
    tellFocus('prelude.tabFocused', focused, this.parts.log);
  }

  #without(tab: Tab): readonly Tab[] {
    return this.#tabs.filter((one) => one !== tab);
  }

  #retitle(conversation: string): void {
    for (const tab of this.#tabs) if (tab.place.currentId === conversation) this.#title(tab);
  }

  #title(tab: Tab): void {
    const title = tab.place.currentTitle;
    const shown = title === '' ? strings.untitled() : title;
    if (this.#tabs.includes(tab) && tab.panel.title !== shown) tab.panel.title = shown;
  }
}
