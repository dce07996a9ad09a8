/** What a snapshot leaves out, and a view asks for when it is looked at. */
import type { Entry } from '../../core/record/record';
import { ChatFinder, type Said } from '../../core/transcript/findInChat';
import { toolOutput } from '../../core/transcript/transcript';
import type { ChatState } from '../../shared/chat';
import type { Handlers } from '../../shared/intents';
import { filled } from '../../shared/phrase';
import { earlierThan } from '../../shared/tail';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';

/** `state` is all of the conversation, `paths` what it is shown from, the current path first; `said` as in ControllerDeps. */
export function onDemand(
  state: () => ChatState,
  paths: () => readonly (readonly Entry[])[],
  said: Said = ({ text, args }) => filled(text, args ?? []),
) {
  const finder = new ChatFinder(said);
  return {
    earlier: ({ before, to }) => earlierThan(state(), before, to),
    find: (query) => finder.find(state().items, query, state().excluded),
    toolOutput: ({ key }) => {
      for (const path of paths()) {
        const output = toolOutput(path, key);
        if (output !== null) return output;
      }
      throw refused(refusals.outputGone());
    },
  } satisfies Partial<Handlers<'chat'>>;
}
