/** Which model answers a message again, and with what effort: VS Code's own quick picks. */
import * as vscode from 'vscode';
import type { ModelChoice } from '../../shared/protocol';
import { localized, strings } from '../base/strings';

/** A model and an effort for one answer; null for a model that takes none. */
export interface AnswerWay {
  readonly model: string;
  readonly effort: string | null;
}

/** What there is to choose from, and what the settings have. */
export interface Ways {
  readonly models: readonly ModelChoice[];
  readonly model: string;
  readonly effort: string;
}

/** Two steps: a model, and for one that takes it an effort. null where the user leaves either. */
export async function pickWay({ models, model, effort }: Ways): Promise<AnswerWay | null> {
  const title = strings.regenerateWith();
  const rows = models.map((of) => ({
    label: of.name,
    description: localized(of.phrase),
    picked: of.id === model,
    of,
  }));
  const picked = await vscode.window.showQuickPick(currentFirst(rows), {
    title,
    placeHolder: strings.selectModel(),
    matchOnDescription: true,
  });
  if (picked === undefined) return null;
  const { id, efforts } = picked.of;
  if (efforts.length === 0) return { model: id, effort: null };
  const levels = efforts.map((level) => ({ label: strings.effort(level), picked: level === effort, level }));
  const level = await vscode.window.showQuickPick(currentFirst(levels), { title, placeHolder: strings.selectEffort() });
  return level === undefined ? null : { model: id, effort: level.level };
}

/** Enter takes what the settings have; what is picked in a list of one says nothing there. */
function currentFirst<Row extends { readonly picked: boolean }>(rows: readonly Row[]): readonly Omit<Row, 'picked'>[] {
  return [...rows.filter(({ picked }) => picked), ...rows.filter(({ picked }) => !picked)].map(
    ({ picked: _, ...row }) => row,
  );
}
