/** Parts that tests of the panel's connection share. */

import type { ComposerState, PanelEnvironment } from '../../../../src/shared/protocol';
import { unknownCost } from '../../../panel/costs';

export const composerState: ComposerState = {
  chips: [],
  attachments: [],
  maxImageTokens: 4784,
  queued: [],
  firstSend: null,
  modelId: 'claude-opus-4-8',
  modelName: 'Opus 4.8',
  effort: 'high',
  review: null,
  next: unknownCost,
  rewrite: null,
  todayUsd: null,
  pausedSince: null,
};

export const panelEnvironment: PanelEnvironment = {
  key: { kind: 'stored' },
  models: [],
  modelList: 'table',
  suggestions: [],
  fontSize: null,
  fontFamily: null,
  column: false,
  moved: null,
  workspaceName: 'shop',
  words: {},
  locale: 'en',
};
