/** What the menu of a code block does: the panel says which block, as the argument. */
import type { Log } from '../../core/base/ports';
import { type Handlers, handle, isAt, readIntent } from '../../shared/intents';
import { settle } from '../base/answers';
import type { CommandId, CommandTable } from '../base/commandIds';
import type { ChatSession } from '../panel/viewLink';
import { said } from './said';

interface CodeCommandParts {
  readonly actions: Handlers<'window'>;
  readonly find: (conversation: string) => Promise<ChatSession | null>;
  /** Goes to a card that waits in the chat that is meant; `context` is what VS Code gave the command. */
  readonly showCard: (key: string, context: unknown) => Promise<void>;
  readonly log: Log;
}

type Ids = Extract<
  CommandId,
  'prelude.insertCode' | 'prelude.applyCode' | 'prelude.newFileFromCode' | 'prelude.insertInTerminal'
>;

/** The commands of a code block's ⋯. */
export function createCodeCommands({ actions, find, showCard, log }: CodeCommandParts): Pick<CommandTable, Ids> {
  const nothing = (): void => log.warn('The menu was opened on no code.');
  const does = (type: 'insert' | 'newFile' | 'insertInTerminal') => async (context: unknown) => {
    const { text, language, conversation } = (context ?? {}) as Readonly<Record<string, unknown>>;
    const intent = readIntent({ type, text, language, conversation });
    if (intent === null || !isAt('window', intent)) nothing();
    else await said(settle(type, () => handle(actions, intent), log));
  };
  return {
    'prelude.insertCode': does('insert'),
    'prelude.applyCode': async (context) => {
      const intent = readIntent({ ...(context ?? {}), type: 'applyBlock' });
      const about = intent !== null && isAt('chat', intent) ? intent : null;
      const session = about === null ? null : await find(about.conversation);
      if (about === null || session === null) return nothing();
      const answer = await session.handle(about);
      if (answer.ok && typeof answer.value === 'string') await showCard(answer.value, context);
      else await said(Promise.resolve(answer));
    },
    'prelude.newFileFromCode': does('newFile'),
    'prelude.insertInTerminal': does('insertInTerminal'),
  };
}
