/** What the composer shows before a simulated message: the product's own estimator, and what it learns of turns. */
import { ConversationCost } from '../../../src/core/cost/conversationCost';
import type { QuestionUsd } from '../../../src/core/cost/questionPlace';
import type { Model } from '../../../src/core/models/models';
import { noOthers } from '../../../src/host/pricing/conversationTools';
import { CostEstimator, type CostEstimatorDeps, type NextMessage } from '../../../src/host/pricing/costEstimator';
import { limitedTo } from '../../../src/host/pricing/openTurn';
import { TokenCalibrationStore } from '../../../src/host/pricing/tokenCalibrationStore';
import type { NextCost } from '../../../src/shared/nextCost';

/** An estimate that fails would be shown as no price. */
const loud = {
  info: () => undefined,
  warn: (words: string) => {
    throw new Error(words);
  },
  error: (words: string, error?: unknown) => {
    throw new Error(words, { cause: error });
  },
};

/** The store's values, as much as is kept in them. */
type Values = Map<string, string>;

/** What is learnt in one window of what earlier ones left in `values`. */
export function calibrationOf(values: Values): TokenCalibrationStore {
  const store = {
    getValue: async (name: string) => values.get(name) ?? null,
    setValue: async (name: string, value: string) => void values.set(name, value),
  };
  return new TokenCalibrationStore(store, loud, { access: async () => null } as never);
}

/** The composer of one conversation. */
export class SimulatedComposer {
  /** What the conversation's estimates and requests have computed. */
  readonly cost = new ConversationCost();
  readonly #estimator: CostEstimator;

  /** Nothing is deleted in a trace: neither store nor address is asked about earlier conversations. */
  constructor(deps: Omit<CostEstimatorDeps, 'log' | 'models' | 'store' | 'api'> & { readonly model: Model }) {
    const models = { of: () => deps.model, answered: () => undefined };
    const tools = { offered: noOthers };
    this.#estimator = new CostEstimator(
      { ...deps, log: loud, models, store: undefined as never, api: undefined as never },
      this.cost,
      tools,
      () => undefined,
    );
  }

  /** Of a question of a command: here, and in a new conversation with these files (CommandQuestions). */
  async usd(message: NextMessage, onlyFiles: readonly string[]): Promise<QuestionUsd> {
    await this.#estimator.read();
    const fresh = { ...message, path: [], seen: null, context: limitedTo(onlyFiles, message.context) };
    return { open: this.#estimator.askUsd(message), fresh: this.#estimator.askUsd(fresh) };
  }

  async shown(message: NextMessage): Promise<NextCost> {
    await this.#estimator.read();
    return this.#estimator.of(message).next;
  }
}
