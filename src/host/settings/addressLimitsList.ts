/** The list of what is left out for the address that requests go to, and the way back; what VS Code shows of it is a port. */
import { messageOf } from '../../core/base/errors';
import type { LocalizableMessage } from '../../shared/chat';
import type { AddressNote, AddressState } from '../../shared/remedy';
import { fieldStrings, limitStrings } from '../base/plainStrings';
import { redact } from '../base/redact';

/** One thing that is left out, in words, with the name that the API has for it. */
export interface LimitRow {
  readonly key: string;
  readonly label: LocalizableMessage;
  readonly field: string | null;
}

/** What is shown by VS Code. */
export interface LimitWindow {
  /** The key of the row that is picked; undefined when the list is closed. */
  pick(rows: readonly LimitRow[], host: string): Promise<string | undefined>;
  info(words: LocalizableMessage): void;
  warn(words: LocalizableMessage): void;
}

interface LimitListParts {
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
    window.info(limitStrings.noAddress());
    return;
  }
  const { host, notes } = address;
  if (notes.length === 0) {
    window.info(limitStrings.nothing(host));
    return;
  }
  const key = await window.pick(notes.map(rowOf), host);
  if (key === undefined) return;
  try {
    await takeBack(key);
  } catch (error) {
    const why = redact(messageOf(error));
    window.warn(limitStrings.notTakenBack(why));
    return;
  }
  window.info(limitStrings.takenBack(host));
}

function rowOf({ key, what }: AddressNote): LimitRow {
  switch (what.kind) {
    case 'field':
      return { key, label: (fieldStrings[what.field] ?? limitStrings.field)(), field: what.field };
    case 'maxTokens': {
      const label = limitStrings.maxTokens(what.model, what.tokens.toLocaleString());
      return { key, label, field: 'max_tokens' };
    }
    case 'unsignedThinking':
      return { key, label: limitStrings.unsignedThinking(), field: null };
  }
}
