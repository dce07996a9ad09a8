/** The list of what is left out for the address that requests go to, and the way back; what VS Code shows of it is a port. */
import type { Words } from '../../shared/chat';
import type { AddressNote, AddressState } from '../../shared/remedy';
import { redact } from '../base/redact';

/** One thing that is left out, in words, with the name that the API has for it. */
export interface LimitRow {
  readonly key: string;
  readonly label: Words;
  readonly field: string | null;
}

/** What is shown by VS Code. */
export interface LimitWindow {
  /** The key of the row that is picked; undefined when the list is closed. */
  pick(rows: readonly LimitRow[], host: string): Promise<string | undefined>;
  info(words: Words): void;
  warn(words: Words): void;
}

export interface LimitListParts {
  /** Undefined where no request may go. Never rejects. */
  readonly state: () => Promise<AddressState | undefined>;
  /** Rejects with a StoreError. */
  readonly takeBack: (key: string) => Promise<void>;
  readonly window: LimitWindow;
}

/** Shows the list and takes back what is picked. Never rejects: each end is told. */
export async function showAddressLimits({ state, takeBack, window }: LimitListParts): Promise<void> {
  const address = await state();
  if (address === undefined) {
    window.info({ text: 'Nothing can be sent yet: there is no API key or no address for it.' });
    return;
  }
  const { host, notes } = address;
  if (notes.length === 0) {
    window.info({ text: 'Nothing is left out for {0}.', args: [host] });
    return;
  }
  const key = await window.pick(notes.map(rowOf), host);
  if (key === undefined) return;
  try {
    await takeBack(key);
  } catch (error) {
    const why = redact(error instanceof Error ? error.message : String(error));
    window.warn({ text: 'Couldn’t take that back: {0}', args: [why] });
    return;
  }
  window.info({ text: 'From the next message on, {0} gets it again.', args: [host] });
}

function rowOf({ key, what }: AddressNote): LimitRow {
  switch (what.kind) {
    case 'field':
      return { key, label: fieldWords[what.field] ?? { text: 'A field is not sent' }, field: what.field };
    case 'maxTokens': {
      const args = [what.model, what.tokens.toLocaleString()];
      return { key, label: { text: 'Answers of {0} have at most {1} tokens', args }, field: 'max_tokens' };
    }
    case 'unsignedThinking':
      return { key, label: { text: 'Thinking without a signature is not sent back' }, field: null };
  }
}

const fieldWords: Readonly<Record<string, Words>> = {
  'thinking.display': { text: 'How thinking is shown is not asked for' },
  thinking: { text: 'Thinking is not asked for' },
  'output_config.effort': { text: 'The effort is not sent' },
  'cache_control.ttl': { text: 'How long the prompt cache keeps what is sent is not asked for' },
  cache_control: { text: 'Cache breakpoints are not sent' },
  diagnostics: { text: 'The reason of a missed cache is not asked for' },
  'document.title': { text: 'Titles of documents are not sent' },
  tools: { text: 'Tools are not offered' },
};
