/** Commands to the conversation that is shown: compact, exclude, inspect, stop. */
import type { Log } from '../../core/base/ports';
import { isAt, readIntent } from '../../shared/intents';
import type { CommandId, CommandTable } from '../base/commandIds';
import type { ChatSession } from '../panel/viewLink';
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
>;

/** The commands to the conversation that is shown. */
export function createWindowCommands(parts: WindowCommandParts): Pick<CommandTable, Ids> {
  const ask = async (type: 'compact' | 'manageExcluded' | 'chooseTools' | 'inspectRequest' | 'stop'): Promise<void> => {
    const session = await parts.shown();
    await said(session.handle({ type, conversation: session.conversation }));
  };
  return {
    'prelude.compact': async () => {
      await parts.reveal();
      await ask('compact');
    },

    'prelude.chooseLeftOut': () => ask('manageExcluded'),

    'prelude.chooseTools': () => ask('chooseTools'),

    'prelude.inspectRequest': () => ask('inspectRequest'),

    'prelude.stop': () => ask('stop'),

    'prelude.leaveOut': (context) => setExcluded(parts, context, true),

    'prelude.leaveTurnOut': (context) => setExcluded(parts, context, true),

    'prelude.takeBack': (context) => setExcluded(parts, context, false),
  };
}

/** `context` is what the panel says of the thing that the menu was opened on. */
async function setExcluded({ find, log }: WindowCommandParts, context: unknown, out: boolean): Promise<void> {
  const { conversation, preludeTarget, entry, index } = (context ?? {}) as Readonly<Record<string, unknown>>;
  const intent = readIntent({ type: 'exclude', conversation, target: { what: preludeTarget, entry, index }, out });
  const about = intent !== null && isAt('chat', intent) ? intent : null;
  const session = about === null ? null : await find(about.conversation);
  if (about === null || session === null) log.warn('The menu was opened on nothing that can be left out.');
  else await said(session.handle(about));
}
