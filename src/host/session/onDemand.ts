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

/** Characters of the attached texts of a chat that are kept between two letters, and ms after which they are let go. */
const mostKept = 8_000_000;
const keptMs = 30_000;

/** Attached texts while something is looked for in them. An id is that of its text: it never has another one. */
class FewTexts {
  #texts = new Map<string, string>();
  #length = 0;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(private readonly read: ReadBlob) {}

  async get(id: string): Promise<string | null> {
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => this.#forget(), keptMs).unref();
    const text = this.#texts.get(id) ?? (await attachedText(id, this.read));
    // All are gone through in their order: the first that there is room for stay, else none would.
    if (text !== null && !this.#texts.has(id) && this.#length + text.length <= mostKept) {
      this.#texts.set(id, text);
      this.#length += text.length;
    }
    return text;
  }

  #forget(): void {
    this.#texts = new Map();
    this.#length = 0;
  }
}

/** `state` is all of the conversation, `paths` what it is shown from, the current path first; `said` as in ControllerDeps. */
export function onDemand(
  state: () => ChatState,
  paths: () => readonly (readonly Entry[])[],
  read: ReadBlob,
  said: Said = ({ text, args }) => filled(text, args ?? []),
) {
  const texts = new FewTexts(read);
  const finder = new ChatFinder(said, (id) => texts.get(id));
  return {
    earlier: ({ before, to }) => earlierThan(state(), before, to),
    find: (query, signal) => finder.find(state().items, query, state().excluded, signal),
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
