/** Commands to the conversation that is shown: compact, exclude, inspect, stop. */
import type { Log } from '../../core/base/ports';
import { isAt, readIntent } from '../../shared/intents';
import type { CommandId, CommandTable } from '../base/commandIds';
import type { ChatSession } from '../panel/viewLink';
import type { AnswerWay } from './answerWay';
import { inView } from './meantChat';
import { said } from './said';

/** What these do with a conversation. */
export type ShownConversation = Pick<ChatSession, 'conversation' | 'handle'>;

interface WindowCommandParts {
  /** The conversation that is meant. Of this and others, `context` is what VS Code gave the command. */
  readonly shown: (context: unknown) => Promise<ShownConversation>;
  readonly find: (conversation: string) => Promise<ChatSession | null>;
  /** Shows the chat that is meant and leaves the focus where it is. */
  readonly reveal: (context: unknown) => Promise<void>;
  readonly log: Log;
  /** Has the user choose a model and an effort; null where they chose none. */
  readonly pickWay: () => Promise<AnswerWay | null>;
  /** Shows a conversation where the one that is meant is shown. */
  readonly open: (conversation: string, context: unknown) => Promise<unknown>;
}

type Ids = Extract<
  CommandId,
  | 'prelude.compact'
  | 'prelude.compactInView'
  | 'prelude.chooseLeftOut'
  | 'prelude.chooseLeftOutInView'
  | 'prelude.chooseTools'
  | 'prelude.inspectRequest'
  | 'prelude.inspectRequestInView'
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
    context: unknown,
  ): Promise<void> => {
    const session = await parts.shown(context);
    await said(session.handle({ type, conversation: session.conversation }));
  };
  const compact = async (context: unknown): Promise<void> => {
    await parts.reveal(context);
    await askShown('compact', context);
  };
  return {
    'prelude.compact': compact,
    'prelude.compactInView': () => compact(inView),

    'prelude.chooseLeftOut': (context) => askShown('manageExcluded', context),
    'prelude.chooseLeftOutInView': () => askShown('manageExcluded', inView),

    'prelude.chooseTools': (context) => askShown('chooseTools', context),

    'prelude.inspectRequest': (context) => askShown('inspectRequest', context),
    'prelude.inspectRequestInView': () => askShown('inspectRequest', inView),

    'prelude.stop': (context) => askShown('stop', context),

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
      if (typeof id === 'string') await parts.open(id, context);
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
