/** What the user chooses, as the core reads it. */

/** The levels of `output_config.effort`, the lowest first. */
export const effortLevels = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
/** A level of `output_config.effort` (API-FACTS §5); which of them a model takes is `Model.efforts`. */
export type Effort = (typeof effortLevels)[number];

/** How long a cache entry lives after it was last read or written (API-FACTS §6.1). */
export type CacheTtl = '5m' | '1h';

/** In US dollars; null switches a limit off. */
export interface SpendLimits {
  /** For one turn, however many requests it makes. */
  readonly perTurn: number | null;
  /** For a day by this machine's clock, over all conversations and windows. */
  readonly perDay: number | null;
}

/** Turns never pause for what they cost. */
export const noLimits: SpendLimits = { perTurn: null, perDay: null };

/** What the user chose; read anew for each turn. */
export interface ChatSettings {
  readonly model: string;
  readonly effort: Effort;
  readonly thinkingDisplay: 'summarized' | 'omitted';
  /** Tokens; null takes the default for the model. */
  readonly maxTokens: number | null;
  /** Where turns pause (spend.ts); nowhere when missing. */
  readonly spend?: SpendLimits;
  /** How long the prompt cache is asked to keep what is sent; by price when missing. */
  readonly cacheTtl?: 'auto' | CacheTtl;
}
