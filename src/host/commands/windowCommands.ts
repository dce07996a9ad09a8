/** Commands to the conversation that is shown: compact, exclude, inspect, stop. */
import type { Log } from '../../core/base/ports';
import { isAt, readIntent } from '../../shared/intents';
import type { CommandId, CommandTable } from '../base/commandIds';
import type { ChatSession } from '../panel/viewLink';
import type { AnswerWay } from './answerWay';
import { said } from './said';

/** What these do with a conversation. */
export type ShownConversation = Pick<ChatSession, 'conversation' | 'handle'>;

interface WindowCommandParts {
  /** The conversation of the chat tab that has the focus, else of the side bar. */
  readonly shown: () => Promise<ShownConversation>;
  readonly find: (conversation: string) => Promise<ChatSession | null>;
  /** Shows the panel and leaves the focus where it is. */
  readonly reveal: () => Promise<void>;
  readonly log: Log;
  /** Has the user choose a model and an effort; null where they chose none. */
  readonly pickWay: () => Promise<AnswerWay | null>;
  /** Shows a conversation in the place of the one that is shown. */
  readonly open: (conversation: string) => Promise<unknown>;
}

type Ids = Extract<
  CommandId,
  | 'prelude.compact'
  | 'prelude.chooseLeftOut'
  | 'prelude.chooseTools'
  | 'prelude.inspectRequest'
  | 'prelude.stop'
  | 'prelude.leaveOut'
  | 'prelude.leaveTurnOut'
  | 'prelude.takeBack'
  | 'prelude.regenerate'
  | 'prelude.regenerateWith'
  | 'prelude.fork'
>;

/** The commands to the conversation that is shown. */
export function createWindowCommands(parts: WindowCommandParts): Pick<CommandTable, Ids> {
  const askShown = async (
    type: 'compact' | 'manageExcluded' | 'chooseTools' | 'inspectRequest' | 'stop',
  ): Promise<void> => {
    const session = await parts.shown();
    await said(session.handle({ type, conversation: session.conversation }));
  };
  return {
    'prelude.compact': async () => {
      await parts.reveal();
      await askShown('compact');
    },

    'prelude.chooseLeftOut': () => askShown('manageExcluded'),

    'prelude.chooseTools': () => askShown('chooseTools'),

    'prelude.inspectRequest': () => askShown('inspectRequest'),

    'prelude.stop': () => askShown('stop'),

    'prelude.leaveOut': (context) => setExcluded(parts, context, true),

    'prelude.leaveTurnOut': (context) => setExcluded(parts, context, true),

    'prelude.takeBack': (context) => setExcluded(parts, context, false),

    'prelude.regenerate': (context) => ofTurn(parts, context, { type: 'regenerate', model: null, effort: null }),

    'prelude.regenerateWith': async (context) => {
      const way = await parts.pickWay();
      if (way !== null) await ofTurn(parts, context, { type: 'regenerate', ...way });
    },

    'prelude.fork': async (context) => {
      const id = await ofTurn(parts, context, { type: 'fork' });
      if (typeof id === 'string') await parts.open(id);
    },
  };
}

/** `context` is what the panel says of the thing that the menu was opened on. */
async function setExcluded(parts: WindowCommandParts, context: unknown, out: boolean): Promise<void> {
  const { preludeTarget, entry, index } = (context ?? {}) as Readonly<Record<string, unknown>>;
  await ask(parts, context, { type: 'exclude', target: { what: preludeTarget, entry, index }, out });
}

/** About the turn of the message or the answer that the menu was opened on. */
function ofTurn(parts: WindowCommandParts, context: unknown, what: object): Promise<unknown> {
  const { entry } = (context ?? {}) as Readonly<Record<string, unknown>>;
  return ask(parts, context, { ...what, answer: entry });
}

/** Resolves to what the answer holds. */
async function ask({ find, log }: WindowCommandParts, context: unknown, what: object): Promise<unknown> {
  const { conversation } = (context ?? {}) as Readonly<Record<string, unknown>>;
  const intent = readIntent({ ...what, conversation });
  const about = intent !== null && isAt('chat', intent) ? intent : null;
  const session = about === null ? null : await find(about.conversation);
  if (about !== null && session !== null) return await said(session.handle(about));
  log.warn('The menu was opened on nothing that this can be done with.');
  return null;
}
