/** The tools of others that one conversation offers: as they were chosen, whatever VS Code holds by now. */
import type { Model } from '../../core/models/models';
import type { OtherTool } from '../../core/record/chosenTool';
import type { StoredConversation } from '../../core/record/store';
import { isTaken, type WebTaken } from '../../core/tools/others/web';
import type { Handlers } from '../../shared/intents';
import { type OfferedTools, offeredWith } from '../pricing/conversationTools';
import { pricedTools, webRows } from '../pricing/toolPrices';
import type { ControllerDeps, ToolRewrite } from './turns/controllerDeps';

interface ToolChoiceParts {
  readonly conversation: string;
  readonly deps: Pick<
    ControllerDeps,
    'store' | 'choices' | 'tools' | 'toolPicker' | 'models' | 'settings' | 'tokens' | 'log'
  >;
  /** True when the conversation is in the store. */
  readonly isStored: () => boolean;
  /** What other tools would make the next request write anew. */
  readonly rewrite: () => ToolRewrite | null;
  /** It offers others now. */
  readonly changed: () => void;
}

/** What a conversation offers, and how the user chooses it. */
export class ToolChoice {
  /** null before it is stored: then it offers what was chosen last in this workspace. */
  #chosen: readonly OtherTool[] | null = null;
  #switched = false;
  /** What is offered, and of what it was made. */
  #offered: { readonly tools: OfferedTools; readonly of: readonly OtherTool[]; readonly to: WebTaken } | null = null;

  constructor(private readonly parts: ToolChoiceParts) {}

  /** The same object as long as it is the same. */
  get offered(): OfferedTools {
    const of = this.#all;
    const { webSearch, webFetch } = this.#model;
    const last = this.#offered;
    if (last?.of === of && last.to.webSearch === webSearch && last.to.webFetch === webFetch) return last.tools;
    const to = { webSearch, webFetch };
    const tools = offeredWith(of, to, this.#switched);
    this.#offered = { tools, of, to };
    return tools;
  }

  get #all(): readonly OtherTool[] {
    return this.#chosen ?? this.parts.deps.choices.tools;
  }

  get #model(): Model {
    const { models, settings } = this.parts.deps;
    return models.of(settings().model);
  }

  readonly handlers = {
    chooseTools: () => this.choose(),
    startServer: ({ server }) => this.parts.deps.toolPicker.startServer(server),
  } satisfies Partial<Handlers<'chat'>>;

  /** Takes over what is stored. */
  take({ tools }: Pick<StoredConversation, 'tools'>): void {
    this.#chosen = tools;
  }

  /** The conversation has been stored: what it offers is, too. Never rejects: it goes on with what it has. */
  async stored(): Promise<void> {
    const { deps, conversation } = this.parts;
    await deps.choices.ready();
    this.#chosen ??= deps.choices.tools;
    if (this.#chosen.length === 0) return;
    await deps.store
      .setTools(conversation, this.#chosen)
      .catch((error: unknown) => deps.log.error('the tools of a conversation were not stored', error));
  }

  /** Lets the user choose, for this conversation and for new ones of this workspace. A turn that runs keeps its own. */
  private async choose(): Promise<void> {
    const { deps } = this.parts;
    await deps.choices.ready();
    const model = this.#model;
    const before = this.#all;
    const factor = deps.tokens.factorOf(model.id);
    const others = await pricedTools(before, deps.tools.others?.live() ?? [], model, factor);
    const list = [...others, ...webRows(before, model, factor)];
    const picked = await deps.toolPicker.choose(list, { model: model.name, rewrite: this.parts.rewrite() });
    if (picked === undefined) return;
    const now = list.flatMap((row) => (picked.has(row.key) && row.tool !== null ? [row.tool] : []));
    // What this model does not take stays as it was, for one that does.
    const chosen = [...now, ...before.filter((tool) => !isTaken(tool, model))];
    if (JSON.stringify(chosen) !== JSON.stringify(before)) await this.#set(chosen);
  }

  async #set(chosen: readonly OtherTool[]): Promise<void> {
    const { deps, conversation, isStored, changed } = this.parts;
    if (isStored()) await deps.store.setTools(conversation, chosen);
    this.#chosen = chosen;
    this.#switched = true;
    changed();
    await deps.choices.setTools(chosen);
  }
}
