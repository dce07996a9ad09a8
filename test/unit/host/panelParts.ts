/** Parts that tests of the panel's connection share. */
import type { ComposerState, PanelEnvironment } from '../../../src/shared/protocol';

export const composerState: ComposerState = {
  chips: [],
  modelId: 'claude-opus-4-8',
  modelName: 'Opus 4.8',
  effort: 'high',
  next: { tokens: 0, cachedTokens: 0, askUsd: 0, answerUsd: null, windowTokens: 1 },
};

export const panelEnvironment: PanelEnvironment = {
  key: { kind: 'stored' },
  prompts: [],
  fontSize: null,
  fontFamily: null,
  workspaceName: 'shop',
  words: {},
  locale: 'en',
};
