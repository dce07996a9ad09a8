/** What a snapshot leaves out, and a view asks for when it is looked at. */
import type { Entry } from '../../core/record/record';
import { toolOutput } from '../../core/transcript/transcript';
import type { ChatState } from '../../shared/chat';
import type { Handlers } from '../../shared/intents';
import { earlierThan } from '../../shared/tail';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';

/** `state` is all of the conversation, `paths` what it is shown from, the current path first. */
export function onDemand(state: () => ChatState, paths: () => readonly (readonly Entry[])[]) {
  return {
    earlier: ({ before, to }) => earlierThan(state(), before, to),
    toolOutput: ({ key }) => {
      for (const path of paths()) {
        const output = toolOutput(path, key);
        if (output !== null) return output;
      }
      throw refused(refusals.outputGone());
    },
  } satisfies Partial<Handlers<'chat'>>;
}
