/** How commands ask: one way for all that send at once, so that none of them spends much without a click. */
import type { Log } from '../../core/base/ports';
import { questionPlace } from '../../core/cost/questionPlace';
import type { CommitBoxAsked, UserBlock } from '../../core/record/record';
import type { DearerChat } from '../../shared/chat';
import type { KeyState } from '../../shared/protocol';
import type { CommandQuestions } from '../session/commandQuestions';
import type { ExplainTarget } from '../settings/scopedSettings';

/** A conversation, as a question of a command needs it. */
export interface AskedSession {
  readonly conversation: string;
  readonly commandQuestions: Pick<CommandQuestions, 'usd' | 'keep' | 'ask'>;
  /** True while it has neither entries nor a draft. */
  readonly isBlank: boolean;
}

/** A chat tab, or the side bar. */
export interface QuestionTarget<S extends AskedSession> {
  /** Where a question goes: what is shown when that is free, else, or for `new`, a new conversation. */
  forQuestion(target: 'current' | 'new'): Promise<S>;
}

interface AskParts {
  readonly keyState: () => Promise<KeyState>;
  readonly setKey: () => Promise<unknown>;
  readonly log: Log;
}

/** What is asked, and where. */
export interface Question {
  readonly which: ExplainTarget;
  readonly content: readonly UserBlock[];
  /** The file that it is about: of the open ones it alone goes along with a new chat. null for none. */
  readonly file: string | null;
  /** Where its answer goes. */
  readonly commit?: CommitBoxAsked;
}

/** Resolves once it was asked, or waits for a key or a click. */
export async function askAtOnce<S extends AskedSession>(
  { target, reveal }: { readonly target: QuestionTarget<S>; readonly reveal: () => Promise<void> },
  asked: Question,
  parts: AskParts,
): Promise<void> {
  const { session, instead } = await sessionFor(target, asked);
  const { commandQuestions } = session;
  const { content, file, commit } = asked;
  // Kept first: whatever becomes of the key or the window, what was asked is there.
  const question = await commandQuestions.keep(content, {
    ...(instead && { instead }),
    ...(commit && { commit }),
    ...(session.isBlank && { onlyFiles: file === null ? [] : [file] }),
  });
  await reveal();
  if ((await parts.keyState()).kind === 'missing') {
    await parts.setKey();
    // Without a key it waits above the composer, with Send Now.
    if ((await parts.keyState()).kind === 'missing') return;
  }
  await commandQuestions.ask(question);
}

/** By its price, for `auto`: the open chat, or a new one, and then what it would have been in the open one. */
async function sessionFor<S extends AskedSession>(
  target: QuestionTarget<S>,
  { which, content, file }: Question,
): Promise<{ readonly session: S; readonly instead?: DearerChat }> {
  let open = await target.forQuestion(which === 'new' ? 'new' : 'current');
  while (which === 'auto' && !open.isBlank) {
    const usd = await open.commandQuestions.usd(content, file);
    const { conversation } = open;
    // While it was priced, another may have come in sight, or something have begun to run.
    const inSight = await target.forQuestion('current');
    if (inSight.conversation !== conversation) open = inSight;
    else if (usd.open === null || questionPlace(usd) === 'current') break;
    else return { session: await target.forQuestion('new'), instead: { conversation, usd: usd.open } };
  }
  return { session: open };
}
