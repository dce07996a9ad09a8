/**
 * What this machine has learnt of each model: the factor of its tokens, and how large turns are. Kept in the store, so that
 * a new conversation is estimated as well as an old one. Nothing of what was said is in it.
 */
import type { Api, ApiAccess } from '../../core/api/access';
import { digestOf } from '../../core/base/digest';
import { errorName } from '../../core/base/errors';
import { orElse } from '../../core/base/orElse';
import type { Log } from '../../core/base/ports';
import type { Effort } from '../../core/base/settings';
import { calibrationSamplesOf } from '../../core/cost/calibrationSamples';
import { emptyCalibration, parseCalibration, type TokenCalibration } from '../../core/cost/tokenCalibration';
import { lastTurnSize, type TurnSize, turnsKept } from '../../core/cost/turnSizes';
import type { Model } from '../../core/models/models';
import { factorOf, learn, nothingLearnt } from '../../core/models/tokens';
import type { Entry } from '../../core/record/record';
import type { Store } from '../../core/record/store';
import { SystemPrefixCache } from './systemPrefixCache';

/** The store's value. */
const valueName = 'tokenBook';
/** Models that are kept, the latest used. */
const maxModels = 40;

/** Learns from each turn, keeps what was learnt in the store, and answers from memory. */
export class TokenCalibrationStore {
  /** What the cache holds at the head of every prompt. */
  readonly prefixes = new SystemPrefixCache();
  private changes = 0;
  private calibration = emptyCalibration;
  private saving: Promise<void> = Promise.resolve();
  /** Answers that came in this window, and the address that their requests went to. */
  private readonly sent = new Map<string, string>();

  constructor(
    private readonly store: Pick<Store, 'getValue' | 'setValue'>,
    private readonly log: Log,
    private readonly api: Api,
  ) {}

  /** Reads what is kept. A value that cannot be read counts as none: it is learnt anew. */
  async load(): Promise<void> {
    try {
      this.calibration = parseCalibration(await this.store.getValue(valueName));
      this.changes += 1;
    } catch (error) {
      this.log.warn(`What was learnt of tokens could not be read: ${errorName(error)}.`);
    }
  }

  /** Counts what was learnt: what is computed by it holds as long as this is the same. */
  get version(): number {
    return this.changes;
  }

  factorOf(model: string): number {
    return factorOf(own(this.calibration.factors, model) ?? nothingLearnt, model);
  }

  /** The last turns at this effort in any conversation, the oldest first. */
  turnsOf(effort: Effort | null): readonly TurnSize[] {
    return own(this.calibration.turns, effort ?? '') ?? [];
  }

  /** True when the last request of all windows went out with this address and key, as far as that is known. */
  isLast(access: ApiAccess): boolean {
    return this.calibration.account === signOf(access);
  }

  /** True when the request of this answer went from this window to this address. */
  wasSent(answer: string, address: string): boolean {
    return this.sent.get(answer) === address;
  }

  /** A turn has ended: takes in what its requests and its answer cost. Never rejects. */
  learnTurn(
    path: readonly Entry[],
    model: Model,
    effort: Effort | null,
    toolsJson: string,
    conversation = '',
  ): Promise<void> {
    this.changes += 1;
    orElse(
      () => this.prefixes.learn(path, model, toolsJson, conversation),
      () => undefined,
      (error) => this.log.error('what the cache holds could not be learnt', error),
    );
    const turn = lastTurn(path);
    return this.change(async (calibration) => {
      const access = await this.api.access();
      for (const { kind, id } of turn) if (kind === 'assistant' && access !== null) this.sent.set(id, access.baseUrl);
      const account = access === null ? calibration.account : signOf(access);
      let learnt = own(calibration.factors, model.id) ?? nothingLearnt;
      for (const one of calibrationSamplesOf(path, model, toolsJson)) learnt = learn(learnt, one, model.id);
      const factors = withLatest(calibration.factors, model.id, learnt);
      const last = lastTurnSize(path, model, effort);
      if (last === null) return { ...calibration, factors, account };
      const turns = [...(own(calibration.turns, effort ?? '') ?? []), last].slice(-turnsKept);
      return { factors, turns: { ...calibration.turns, [effort ?? '']: turns }, account };
    });
  }

  /** Resolves when everything is stored. */
  settled(): Promise<void> {
    return this.saving;
  }

  /** Upon what is stored now: another window may have learnt since. */
  private change(edit: (calibration: TokenCalibration) => Promise<TokenCalibration>): Promise<void> {
    this.saving = this.saving
      .then(async () => {
        const calibration = await edit(parseCalibration(await this.store.getValue(valueName)));
        this.calibration = calibration;
        this.changes += 1;
        await this.store.setValue(valueName, JSON.stringify(calibration));
      })
      .catch((error: unknown) => {
        this.log.warn(`What was learnt of tokens could not be kept: ${errorName(error)}.`);
      });
    return this.saving;
  }
}

/** Nothing can be found of a key by it. */
function signOf({ baseUrl, apiKey }: ApiAccess): string {
  return digestOf(`${baseUrl} ${apiKey}`).slice(0, 4);
}

function lastTurn(path: readonly Entry[]): readonly Entry[] {
  return path.slice(
    Math.max(
      0,
      path.findLastIndex((entry) => entry.kind === 'user'),
    ),
  );
}

/** Names come from settings: one like `constructor` is none of the record's own. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** With this one as the latest; the oldest beyond the limit go. */
function withLatest<T>(record: Readonly<Record<string, T>>, name: string, value: T): Readonly<Record<string, T>> {
  const others = Object.entries(record).filter(([other]) => other !== name);
  return Object.fromEntries([...others.slice(-(maxModels - 1)), [name, value]]);
}
