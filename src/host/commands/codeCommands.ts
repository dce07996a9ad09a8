/** What the menu of a code block does: the panel says which block, as the argument. */
import type { Log } from '../../core/base/ports';
import { type Handlers, handle, isAt, readIntent } from '../../shared/intents';
import { settle } from '../base/answers';
import type { CommandId, CommandTable } from '../base/commandIds';
import { said } from './said';

interface CodeCommandParts {
  readonly actions: Handlers<'window'>;
  readonly log: Log;
}

type Ids = Extract<CommandId, 'prelude.insertCode' | 'prelude.newFileFromCode' | 'prelude.insertInTerminal'>;

/** The commands of a code block's ⋯. */
export function createCodeCommands({ actions, log }: CodeCommandParts): Pick<CommandTable, Ids> {
  const does = (type: 'insert' | 'newFile' | 'insertInTerminal') => async (context: unknown) => {
    const { text, language, conversation } = (context ?? {}) as Readonly<Record<string, unknown>>;
    const intent = readIntent({ type, text, language, conversation });
    if (intent === null || !isAt('window', intent)) log.warn('The menu was opened on no code.');
    else await said(settle(type, () => handle(actions, intent), log));
  };
  return {
    'prelude.insertCode': does('insert'),
    'prelude.newFileFromCode': does('newFile'),
    'prelude.insertInTerminal': does('insertInTerminal'),
  };
}
