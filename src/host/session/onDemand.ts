/** What a snapshot leaves out, and a view asks for when it is looked at. */
import type { Entry } from '../../core/record/record';
import type { SentText } from '../../core/transcript/chatMarkdown';
import { ChatFinder, type Said, type Texts } from '../../core/transcript/findInChat';
import { attachedText, hasWords, isText, type ReadBlob, sentTexts } from '../../core/transcript/sentText';
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
  const known = new WeakMap<readonly Entry[], SentText>();
  const sentOn = (path: readonly Entry[]): SentText => {
    const of = known.get(path) ?? sentTexts(path, read);
    known.set(path, of);
    return of;
  };
  const sent: Texts = async (message, index) => {
    const one = message.attachments[index];
    if (one !== undefined && isText(one)) return await texts.get(one.id);
    // Lines stand in the record.
    for (const path of paths()) {
      const lines = await sentOn(path)(message, index);
      if (lines !== null) return lines.text;
    }
    return null;
  };
  const finder = new ChatFinder(said, sent);
  return {
    earlier: ({ before, to }) => earlierThan(state(), before, to),
    find: (query, signal) => finder.find(state().items, query, state().excluded, signal),
    toolOutput: async ({ key }) => {
      for (const path of paths()) {
        const output = toolOutput(path, key);
        if (output !== null) return output;
      }
      for (const item of state().items) {
        if (item.type !== 'user' || !key.startsWith(`${item.id}/`)) continue;
        const index = item.attachments.findIndex((one) => key === `${item.id}/${one.id}` && hasWords(one));
        const text = index === -1 ? null : await sent(item, index);
        if (text !== null) return text;
      }
      throw refused(refusals.outputGone());
    },
  } satisfies Partial<Handlers<'chat'>>;
}
