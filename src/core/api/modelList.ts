/**
 * The models as the API lists them: limits and capabilities from the live answer, prices and what the API does not
 * tell from the table (models.ts), the table alone where the API was never asked or cannot be reached. The answer is
 * kept in the store for a day. Nothing is asked before the user's first act: see `ask` and `answered`.
 */
import * as z from 'zod/mini';
import { Listeners } from '../base/listeners';
import type { Clock, KeyValues, Log } from '../base/ports';
import { behindGateway, type Model, modelOf, modelTable, undated } from '../models/models';
import type { Api, ApiAccess } from './access';
import { type ApiFetch, connect } from './client';
import { failureOf } from './failures';
import { factsOf, factsShape, type ModelFacts, pageOf } from './modelFacts';

/** Where a conversation gets its model from. */
export interface Models {
  /** What is known of a model by its id; never fails. */
  of(id: string): Model;
  /** Those that the address has listed for the key: none where it was not asked. The same array as long as they are the same. */
  readonly available?: readonly Model[];
  /** Those that can be chosen: the list's, else the table's. */
  readonly listed?: readonly { readonly model: Model }[];
  /** An answer came: the list may be brought up to date now. */
  answered(): void;
}

/** Whether the list is the API's own: not asked for, being asked for, there, or asked for in vain. */
type ListState = 'table' | 'asking' | 'live' | 'failed';

/** What the catalog of models stands on. */
export interface CatalogParts {
  readonly store: Pick<KeyValues, 'getValue' | 'setValue'>;
  readonly api: Api;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly fetch: ApiFetch;
  /** The model that is chosen in the settings. */
  readonly chosen: () => string;
}

const day = 24 * 3_600_000;
/** ms after a failure in which an answer alone does not lead to another try. */
const pauseAfterFailure = 3_600_000;
const timeoutMs = 15_000;
/** A list that never ends, by its models, its pages or its bytes, is a fault of the gateway: what has come of it is used. */
const maxModels = 1000;
const maxPages = 20;
const maxBytes = 8 * 1024 * 1024;
const valueName = 'models';

const kept = z.object({
  baseUrl: z.string(),
  /** ms since the epoch. */
  at: z.number(),
  listed: z.array(factsShape),
  /** Asked for one by one: id → facts, null for one that the API does not know. */
  asked: z.record(z.string(), z.nullable(factsShape)),
});
type Kept = z.infer<typeof kept>;

/** The models of the address in use: as its server listed them within the last day, from the table otherwise. */
export class ModelCatalog implements Models {
  readonly #changed = new Listeners();
  #kept: Kept | null = null;
  #asking: { readonly abort: AbortController; done: Promise<void> } | null = null;
  /** Counts the loads: what began before the last one is for another address. */
  #loads = 0;
  #failedAt: number | null = null;
  /** What each id means by what is known now: the same object as long as that is the same. */
  #models: { readonly by: Kept | null; readonly of: Map<string, Model> } = { by: null, of: new Map() };
  #available: { readonly by: Kept | null; readonly models: readonly Model[] } = { by: null, models: [] };

  constructor(private readonly parts: CatalogParts) {}

  of(id: string): Model {
    if (this.#models.by !== this.#kept) this.#models = { by: this.#kept, of: new Map() };
    const known = this.#models.of.get(id);
    if (known !== undefined) return known;
    const found = this.#kept === null ? null : factsIn(this.#kept, id);
    const model = found === null ? modelOf(id) : withFacts(id, found);
    // Whatever a gateway calls its models.
    if (this.#models.of.size >= maxModels) this.#models.of.clear();
    this.#models.of.set(id, model);
    return model;
  }

  get state(): ListState {
    if (this.#asking !== null) return 'asking';
    if (this.#failedAt !== null) return 'failed';
    return this.#kept === null ? 'table' : 'live';
  }

  /** The models to choose from, as the API orders them (newest first), else those of the table. */
  get listed(): readonly { readonly model: Model; readonly facts: ModelFacts | null }[] {
    if (this.#kept === null) return modelTable.map((model) => ({ model, facts: null }));
    const known = new Set<string>();
    return this.#kept.listed.flatMap((one) => {
      // A dated id and its short one are one model: the short one stays the same when a new date comes out.
      const id = modelTable.some((model) => model.id === undated(one.id)) ? undated(one.id) : one.id;
      if (known.has(id) || one.lifecycle === 'retired') return [];
      known.add(id);
      return [{ model: withFacts(id, one), facts: one }];
    });
  }

  get available(): readonly Model[] {
    if (this.#available.by !== this.#kept)
      this.#available = { by: this.#kept, models: this.listed.map((one) => one.model) };
    return this.#kept === null ? [] : this.#available.models;
  }

  readonly onDidChange = this.#changed.add;

  /** Takes over what was kept for the address that is set now. Asks nothing of the API. */
  async load(): Promise<void> {
    const { api, store, log } = this.parts;
    // What is being asked for may be for another address: it is not waited for, and changes nothing.
    this.#loads += 1;
    this.#asking?.abort.abort();
    this.#asking = null;
    const load = this.#loads;
    let found: Kept | null = null;
    try {
      const access = await api.access();
      const text = await store.getValue(valueName);
      const read = text === null ? null : kept.safeParse(JSON.parse(text));
      if (read?.success === true && read.data.baseUrl === access?.baseUrl) found = read.data;
    } catch (error) {
      // An address that may not be used says so when something is sent.
      log.warn(`The list of models was not read: ${failureOf(error).code}.`);
    }
    if (load !== this.#loads) return;
    this.#kept = found;
    this.#failedAt = null;
    this.#tell();
  }

  /** The user opened the list: the API is asked when what is known is older than a day. */
  async ask(): Promise<void> {
    if (this.#asking === null) {
      const abort = new AbortController();
      const asking = { abort, done: Promise.resolve() };
      this.#asking = asking;
      asking.done = this.#update(abort.signal).finally(() => {
        if (this.#asking !== asking) return;
        this.#asking = null;
        this.#tell();
      });
    }
    this.#tell();
    await this.#asking.done;
  }

  answered(): void {
    const failed = this.#failedAt;
    if (failed !== null && this.parts.clock.now() - failed < pauseAfterFailure) return;
    // Nobody waits for it, and it fails silently: the table serves.
    void this.ask();
  }

  /** `gone`: it is for an address that is no longer set. */
  async #update(gone: AbortSignal): Promise<void> {
    const { api, log } = this.parts;
    try {
      const access = await api.access();
      if (access === null || gone.aborted) return;
      const before = this.#kept?.baseUrl === access.baseUrl ? this.#kept : null;
      const fresh = before !== null && this.parts.clock.now() - before.at < day;
      const signal = AbortSignal.any([gone, AbortSignal.timeout(timeoutMs)]);
      const list = fresh ? before : await this.#list(access, signal);
      const next = await this.#withChosen(access, list, signal);
      if (gone.aborted) return;
      this.#failedAt = null;
      if (next === before) return;
      this.#kept = next;
      await this.parts.store.setValue(valueName, JSON.stringify(next));
    } catch (error) {
      if (gone.aborted) return;
      this.#failedAt = this.parts.clock.now();
      log.warn(`The list of models could not be had: ${failureOf(error).code}.`);
    }
  }

  async #list(access: ApiAccess, signal: AbortSignal): Promise<Kept> {
    const client = connect(access, this.parts.fetch, 'the list of models', maxBytes);
    const listed = new Map<string, ModelFacts>();
    let after: string | null = null;
    for (let page = 0; page < maxPages && listed.size < maxModels; page += 1) {
      const query: Record<string, string | number> = { limit: 100, ...(after === null ? {} : { after_id: after }) };
      const read = pageOf(await client.get<unknown>('/v1/models', { query, signal }));
      if (read === null) throw new Error('what came is no list of models');
      const known = listed.size;
      for (const one of read.facts) if (!listed.has(one.id) && listed.size < maxModels) listed.set(one.id, one);
      // A page that brings nothing new would bring the same again.
      if (read.next === null || listed.size === known) break;
      after = read.next;
    }
    if (listed.size === 0) throw new Error('the list is empty');
    return { baseUrl: access.baseUrl, at: this.parts.clock.now(), listed: [...listed.values()], asked: {} };
  }

  /** The chosen model is asked for by itself when neither the list nor the table has it. */
  async #withChosen(access: ApiAccess, list: Kept, signal: AbortSignal): Promise<Kept> {
    const id = this.parts.chosen();
    if (Object.hasOwn(list.asked, id) || factsIn(list, id) !== null) return list;
    const client = connect(access, this.parts.fetch, 'the list of models', maxBytes);
    let found: ModelFacts | null = null;
    try {
      found = factsOf(await client.models.retrieve(id, {}, { signal }));
    } catch (error) {
      if (failureOf(error).status !== 404) throw error;
    }
    return { ...list, asked: { ...list.asked, [id]: found } };
  }

  #tell(): void {
    this.#changed.tell();
  }
}

function factsIn({ listed, asked }: Kept, id: string): ModelFacts | null {
  const single = Object.hasOwn(asked, id) ? asked[id] : undefined;
  // `claude-haiku-4-5` for `claude-haiku-4-5-20251001`; a dated id means that date only.
  const found = listed.find((one) => one.id === id) ?? single ?? listed.find((one) => id === undated(one.id));
  return found ?? null;
}

function withFacts(id: string, live: ModelFacts): Model {
  const table = modelOf(id);
  const known = table.prices !== null;
  const recognised = known || behindGateway(id) !== null;
  return {
    ...table,
    name: known ? table.name : (live.name?.replace(/^Claude\s+/, '') ?? table.name),
    window: live.window ?? table.window,
    maxOutput: live.maxOutput ?? table.maxOutput,
    adaptiveThinking: live.adaptiveThinking ?? table.adaptiveThinking,
    imageInput: live.imageInput ?? table.imageInput,
    webSearch: live.webSearch ?? table.webSearch,
    webFetch: live.webFetch ?? table.webFetch,
    efforts: live.efforts ?? table.efforts,
    // Newer models bind thinking to its prefix; leaving earlier thinking out is allowed everywhere (API-FACTS §5).
    bindsThinking: recognised ? table.bindsThinking : true,
  };
}
