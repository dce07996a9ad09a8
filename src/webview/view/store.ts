/** The view's copy of the state: a snapshot, and the events since. It changes nothing by itself. */
import { fits, withSame } from '../../shared/change';
import { type ChatEvent, type ChatState, emptyChat, type UserItem } from '../../shared/chat';
import type { Answered, ComposerState, EarlierItems, HostToView, PanelEnvironment } from '../../shared/protocol';
import { reduce } from '../../shared/reduce';
import { itemKey } from '../../shared/tail';
import type { BegunWords } from '../../shared/turn/editing';
import { inWords } from './placesInWords';

/** What the view is rendered from. */
export interface ViewState {
  readonly environment: PanelEnvironment;
  readonly conversation: string;
  readonly chat: ChatState;
  readonly composer: ComposerState;
}

/** What the host says of a conversation that it cannot open. */
export type Unopened = Extract<HostToView, { type: 'unopened' }>;

/** What the panel is shown with until the host says more: nothing of it stands in the way of a conversation. */
const bareEnvironment: PanelEnvironment = {
  key: { kind: 'stored' },
  models: [],
  modelList: 'table',
  suggestions: [],
  moved: null,
  column: false,
  fontSize: null,
  fontFamily: null,
  workspaceName: null,
  words: {},
  locale: 'en',
};

/** What a message meant to the view. */
export type Change =
  | { readonly kind: 'none' }
  | { readonly kind: 'state' }
  /** Another conversation is shown, or the same one from a snapshot. `draft` and `begun` are what the host has of it. */
  | {
      readonly kind: 'snapshot';
      readonly switched: boolean;
      readonly draft: string;
      readonly begun: readonly BegunWords[];
    }
  /** What was to be shown cannot be. */
  | { readonly kind: 'unopened'; readonly conversation: string | null }
  | { readonly kind: 'events'; readonly events: readonly ChatEvent[] }
  /** More of the text that is being written, and nothing else. */
  | { readonly kind: 'text' }
  /** Events are missing: a snapshot has to be asked for. */
  | { readonly kind: 'gap'; readonly conversation: string }
  | { readonly kind: 'setDraft'; readonly text: string; readonly instead: boolean }
  | { readonly kind: 'answer'; readonly message: Answered }
  | { readonly kind: 'attachment'; readonly message: Extract<HostToView, { type: 'resize' | 'attachRefused' }> }
  | { readonly kind: 'focus' }
  | { readonly kind: 'review'; readonly answer: string | null }
  | { readonly kind: 'showCard'; readonly key: string };

const none: Change = { kind: 'none' };

type Delta = Extract<ChatEvent, { type: 'delta' }>;

/** Keeps the last snapshot with the events since; `take` says what a message of the host changed. */
export class Store {
  #environment: PanelEnvironment | null = null;
  #conversation: string | null = null;
  #chat: ChatState | null = null;
  #composer: ComposerState | null = null;
  /** The last delta, as long as nothing but more of its part has come: what is in it is not in the chat yet. */
  #growing: Delta | null = null;
  /** The number of the last event in the state. */
  #seq = 0;
  #waitsForSnapshot = false;
  #unopened: Unopened | null = null;

  /** Null until a snapshot has come, and while a conversation that cannot be opened is in its place. */
  get state(): ViewState | null {
    const chat = this.#grown();
    if (this.#conversation === null || chat === null || this.#composer === null) return null;
    return {
      environment: this.#environment ?? bareEnvironment,
      conversation: this.#conversation,
      chat,
      composer: this.#composer,
    };
  }

  get environment(): PanelEnvironment | null {
    return this.#environment;
  }

  /** What stands in the place of a conversation that cannot be opened. */
  get unopened(): Unopened | null {
    return this.#unopened;
  }

  /** What the user has said in this conversation, as far as it is here, the newest first; nothing twice in a row. */
  get prompts(): readonly string[] {
    const own = (this.#chat?.items ?? []).filter(
      (item): item is UserItem => item?.type === 'user' && item.auto === undefined,
    );
    const texts = own.map(({ text }) => text).filter((text) => typeof text === 'string' && text.trim() !== '');
    return texts.filter((text, index) => text !== texts[index + 1]).reverse();
  }

  take(message: HostToView): Change {
    switch (message.type) {
      case 'environment':
        // What is missing of it is as without one.
        this.#environment = { ...bareEnvironment, ...message.environment };
        return { kind: 'state' };
      case 'snapshot': {
        const chat = readChat(message);
        if (chat === null) return this.take(unreadable(message));
        const switched = this.#conversation !== message.conversation;
        this.#chat = switched || this.#chat === null ? chat : withEarlier(this.#chat, chat);
        this.#conversation = message.conversation;
        this.#growing = null;
        this.#composer = inWords(message.composer);
        this.#seq = Number.isInteger(message.seq) ? message.seq : 0;
        this.#waitsForSnapshot = false;
        this.#unopened = null;
        const begun = Array.isArray(message.begun) ? message.begun : [];
        return { kind: 'snapshot', switched, draft: typeof message.draft === 'string' ? message.draft : '', begun };
      }
      case 'unopened':
        this.#unopened = message;
        // Whatever comes next is shown as another conversation.
        this.#conversation = null;
        this.#chat = null;
        this.#growing = null;
        this.#composer = null;
        return { kind: 'unopened', conversation: message.conversation };
      case 'events':
        return this.#takeEvents(message.conversation, message.seq, message.events);
      case 'composer':
        if (message.conversation !== this.#conversation) return none;
        this.#composer = inWords(message.composer);
        return { kind: 'state' };
      case 'setDraft':
        return message.conversation === this.#conversation
          ? { kind: 'setDraft', text: message.text, instead: message.instead === true }
          : none;
      case 'answer':
        return { kind: 'answer', message };
      case 'resize':
      case 'attachRefused':
        return { kind: 'attachment', message };
      // The list of conversations is no state of the shown one, nor is where one looks in it.
      case 'find':
      case 'goToTurn':
      case 'conversationsChanged':
      case 'showConversations':
        return none;
      case 'focus':
        return { kind: 'focus' };
      case 'review':
        return { kind: 'review', answer: message.answer };
      case 'showCard':
        return { kind: 'showCard', key: message.key };
    }
  }

  /** Puts turns above those that are there. False when these begin elsewhere by now. */
  takeEarlier(before: string, earlier: EarlierItems): boolean {
    const [first] = this.#chat?.items ?? [];
    if (this.#chat === null || first === undefined || itemKey(first) !== before) return false;
    this.#chat = { ...this.#chat, items: [...earlier.items, ...this.#chat.items], above: earlier.above };
    return true;
  }

  #gap(conversation: string): Change {
    this.#waitsForSnapshot = true;
    return { kind: 'gap', conversation };
  }

  #takeEvents(conversation: string, first: number, events: readonly ChatEvent[]): Change {
    if (conversation !== this.#conversation || this.#chat === null || this.#waitsForSnapshot) return none;
    if (first > this.#seq + 1) return this.#gap(conversation);
    const fresh = events.slice(this.#seq + 1 - first);
    if (fresh.length === 0) return none;
    const growing = this.#growing;
    const only = fresh.length === 1 ? fresh[0] : undefined;
    if (growing !== null && only !== undefined && goesOn(growing, only)) {
      this.#growing = { ...growing, text: growing.text + only.text };
      this.#seq += 1;
      return { kind: 'text' };
    }
    let chat = this.#grown() ?? this.#chat;
    this.#growing = null;
    for (const event of fresh) {
      // What is to stay has never come here.
      if (event.type === 'items' && !fits(chat, event)) return this.#gap(conversation);
      chat = reduce(chat, event);
      this.#chat = chat;
    }
    const last = fresh.at(-1);
    if (last?.type === 'delta') this.#growing = { ...last, text: '' };
    this.#seq += fresh.length;
    return { kind: 'events', events: fresh };
  }

  /** The chat with all that has come: a part grows once for all deltas since it was last asked for. */
  #grown(): ChatState | null {
    if (this.#chat !== null && this.#growing !== null && this.#growing.text !== '') {
      this.#chat = reduce(this.#chat, this.#growing);
      this.#growing = { ...this.#growing, text: '' };
    }
    return this.#chat;
  }
}

/** True for more of the same part. */
function goesOn(growing: Delta, event: ChatEvent): event is Delta {
  return event.type === 'delta' && event.answer === growing.answer && event.key === growing.key;
}

/** With the turns that the view has above those of a snapshot, where the snapshot goes on from them. */
function withEarlier(before: ChatState, snapshot: ChatState): ChatState {
  const chat = { ...snapshot, items: withSame(before.items, snapshot.items) };
  const [first] = chat.items;
  if ((first ?? null) === null || first === undefined || chat.above.items === 0) return chat;
  const key = itemKey(first);
  const at = before.items.findIndex((item) => (item ?? null) !== null && itemKey(item) === key);
  if (at === -1 || before.above.items + at !== chat.above.items) return chat;
  return { ...chat, items: [...before.items.slice(0, at), ...chat.items], above: before.above };
}

type Snapshot = Extract<HostToView, { type: 'snapshot' }>;

/** The state that a snapshot brings; null for one that nothing can be shown of. */
function readChat({ conversation, state, composer }: Partial<Snapshot>): ChatState | null {
  const isThere = typeof conversation === 'string' && isObject(state) && isObject(composer);
  if (!isThere || !Array.isArray(state.items)) return null;
  const empty = emptyChat(conversation);
  return { ...empty, ...state, above: Number.isInteger(state.above?.items) ? state.above : empty.above };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** It stands in the place of the conversation, with a way to ask for it again. */
function unreadable({ conversation }: Partial<Snapshot>): Unopened {
  return { type: 'unopened', conversation: conversation ?? null, title: '', reason: '' };
}
