/** What the panel says of calls that wait for the user's answer. */
import type { Approval, ApprovalFile, Concern, Span, WriteConcern } from '../../shared/approval';
import { visible } from '../../shared/visible';
import { wholeCents } from './format';
import { plural, t } from './language';

/** The card, the bar above the composer, and the button of a call that runs. */
export const approvalStrings = {
  deny: () => t('Deny'),
  denyWith: () => t('Deny…'),
  reason: () => t('Reason (optional)'),
  waits: (count: number) => plural(count, '{0} approval needed', '{0} approvals needed'),
  editsWait: (count: number) => plural(count, '{0} edit waits', '{0} edits wait'),
  review: () => t('Review'),
  elsewhere: () => t('Waiting for approval in another window.'),
  needed: (what: string) => t('Approval needed: {0}', what),
  announce: (what: string) => t('Approval needed: {0}. F8 to review', what),
  stopCall: (what: string) => t('Stop: {0}', what),
  price: (usd: string) => t('{0} per search', usd),
  foreign: () => t('Not part of Prelude'),
} as const;

/** What a yes is called, by how long it holds. */
export const spanStrings: Readonly<Record<Span, () => string>> = {
  once: () => t('Allow Once'),
  conversation: () => t('Allow for This Conversation'),
  workspace: () => t('Allow in This Workspace'),
};

const concerns: Readonly<Record<Concern | WriteConcern, () => string>> = {
  ignored: () => t('ignored'),
  secret: () => t('may contain secrets'),
  unchecked: () => t('too large to check for secrets'),
  outside: () => t('outside the workspace'),
  runsCode: () => t('changes here can run code'),
  yourLines: () => t('changes lines you haven’t saved'),
};

/** "may contain secrets", "ignored": phrases for a list. */
export function concernsOf({ why }: ApprovalFile): readonly string[] {
  return why.map((one) => concerns[one]?.() ?? one);
}

/** "Read .env". */
export function approvalTitle(approval: Approval): string {
  switch (approval.kind) {
    case 'read':
      return filesTitle(
        approval.files,
        (path) => t('Read {0}', path),
        (n) => t('Read {0} files', n),
      );
    case 'write':
      if (approval.files.length === 0) return t('Change files');
      return filesTitle(
        approval.files,
        (path) => t('Change {0}', path),
        (n) => t('Change {0} files', n),
      );
    case 'other':
      return t('Run {0} ({1})', visible(approval.tool), visible(approval.source));
    case 'web':
      return t('Search the web');
  }
}

/** The title to the ear: of a change with its kind and lines, "edit login.ts, 3 lines added, 1 removed". */
export function spokenTitle(approval: Approval): string {
  if (approval.kind !== 'write' || approval.proposed === null) return approvalTitle(approval);
  const { kind, path, added, removed } = approval.proposed;
  const name = visible(path);
  const what = {
    edit: () => t('edit {0}', name),
    create: () => t('create {0}', name),
    rename: () => t('rename {0}', name),
    delete: () => t('delete {0}', name),
  }[kind]();
  return t('{0}, {1}', what, spokenLines(added, removed));
}

/** "3 lines added, 1 removed". */
export function spokenLines(added: number, removed: number): string {
  return t('{0}, {1}', plural(added, '{0} line added', '{0} lines added'), t('{0} removed', removed));
}

/** What stands below the title: who it is from, what it costs; null for nothing. */
export function approvalNote(approval: Approval): string | null {
  if (approval.kind === 'other') return approvalStrings.foreign();
  return approval.kind === 'web' ? approvalStrings.price(wholeCents(approval.usd)) : null;
}

function filesTitle(
  files: readonly ApprovalFile[],
  one: (path: string) => string,
  many: (count: number) => string,
): string {
  const [first] = files;
  return files.length === 1 && first !== undefined ? one(visible(first.path)) : many(files.length);
}
