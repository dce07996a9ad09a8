/** What a snapshot leaves out, and a view asks for when it is looked at. */
import type { Entry } from '../../core/record/record';
import { ChatFinder, type Said } from '../../core/transcript/findInChat';
import { attachedText, isText, type ReadBlob } from '../../core/transcript/sentText';
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
  read: ReadBlob,
  said: Said = ({ text, args }) => filled(text, args ?? []),
) {
  const finder = new ChatFinder(said, (id) => attachedText(id, read));
  return {
    earlier: ({ before, to }) => earlierThan(state(), before, to),
    find: (query) => finder.find(state().items, query, state().excluded),
    toolOutput: async ({ key }) => {
      for (const path of paths()) {
        const output = toolOutput(path, key);
        if (output !== null) return output;
      }
      const sent = state().items.some(
        (item) => item.type === 'user' && item.attachments.some((one) => one.id === key && isText(one)),
      );
      const text = sent ? await attachedText(key, read) : null;
      if (text !== null) return text;
      throw refused(refusals.outputGone());
    },
  } satisfies Partial<Handlers<'chat'>>;
}
