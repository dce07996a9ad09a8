/** What the sources leave open (API-FACTS §0.1, §11). Tests run with each switch both ways where it matters. */
export interface Switches {
  /** On: an appended image leaves the messages cache valid. Off (documented, §6.3): any added or removed image loses it. */
  readonly appendedImagesKeepCache: boolean;
  /** On (as documented, §6.1, §6.4): an entry lives by its own mark alone. Off: not longer than those it was written onto. */
  readonly entriesLiveAlone: boolean;
  /** On (documented, §5, §6.3): another effort loses the messages cache. */
  readonly effortInvalidatesMessages: boolean;
  /** On: `max_tokens: 0` is accepted together with adaptive thinking. Off (documented, §6.7): 400. */
  readonly warmUpUnderAdaptiveThinking: boolean;
  /** On: thinking blocks of every model are bound to the prompt before them, as for the 5.5 models (§5). */
  readonly thinkingBoundToPrefix: boolean;
  /** Maximum output of claude-sonnet-4-6, in tokens (C1). */
  readonly sonnet46MaxOutput: 64_000 | 128_000;
  /** Minimum cacheable prefix of claude-sonnet-4-6, in tokens (§6.1). */
  readonly sonnet46MinCacheable: 1_024 | 2_048;
  /** On (sheet, C6): a leading assistant turn is a 400. */
  readonly leadingAssistantRefused: boolean;
  /** Longest base64 string of an image, in bytes: 10 MB first-party, 5 MB elsewhere and formerly (§8.1). */
  readonly imageLimitBytes: 10_485_760 | 5_242_880;
  /** Tool results split over several user messages: 400 (§8.3) or merged (§10.4). */
  readonly splitToolResultsRefused: boolean;
  /** On: signatures that this server cannot have made are ignored like another model's. Off: 400. */
  readonly unknownSignaturesIgnored: boolean;
  /** On: diagnostics are still pending, `{"cache_miss_reason":null}` (§6.5). */
  readonly diagnosticsPending: boolean;
}

/** The documented reading of each open fact. */
export const defaultSwitches: Switches = {
  appendedImagesKeepCache: false,
  entriesLiveAlone: true,
  effortInvalidatesMessages: true,
  warmUpUnderAdaptiveThinking: false,
  thinkingBoundToPrefix: false,
  sonnet46MaxOutput: 64_000,
  sonnet46MinCacheable: 1_024,
  leadingAssistantRefused: true,
  imageLimitBytes: 10_485_760,
  splitToolResultsRefused: true,
  unknownSignaturesIgnored: false,
  diagnosticsPending: false,
};
