/** What commands in a terminal have left, offered to go with the next message: nothing of it goes by itself. */
import type { Ids } from '../../../core/base/ports';
import { outputText, type TerminalOutput } from '../../../core/context/terminalOutput';
import { estimateTokens } from '../../../core/models/tokens';
import type { Handlers } from '../../../shared/intents';
import type { OfferedOutput } from '../../../shared/protocol';
import { refusals } from '../../base/plainStrings';
import { refused } from '../../base/refused';
import type { DraftAttachments } from './attachments';

/** Later ones take the place of earlier ones. */
const mostOffers = 3;

/** "npm test · exit 1". */
export function outputLabel({ command, exitCode }: Pick<TerminalOutput, 'command' | 'exitCode'>): string {
  return `${command.replaceAll(/\s+/g, ' ')}${exitCode === null ? '' : ` · exit ${exitCode}`}`;
}

interface OutputsParts {
  readonly ids: Ids;
  readonly attachments: Pick<DraftAttachments, 'attach'>;
  /** Makes sure that the conversation is stored. */
  readonly create: () => Promise<unknown>;
  readonly changed: () => void;
}

/** Kept in memory for each conversation: one that is let be does not come again. */
export class TerminalOutputs {
  #offers: readonly { readonly shown: OfferedOutput; readonly text: string }[] = [];

  constructor(private readonly parts: OutputsParts) {}

  /** As the panel shows them. `factor`: of the model's tokens. */
  shown(factor: number): readonly OfferedOutput[] {
    return this.#offers.map(({ shown, text }) => ({ ...shown, tokens: estimateTokens(text, factor) }));
  }

  offer(output: TerminalOutput): void {
    const { command, exitCode } = output;
    const shown = { id: this.parts.ids.next(), command, exitCode, tokens: 0 };
    // The same command again has another outcome by now.
    const others = this.#offers.filter((one) => one.shown.command !== command);
    this.#offers = [...others, { shown, text: outputText(output) }].slice(-mostOffers);
    this.parts.changed();
  }

  readonly handlers = {
    addOutput: async ({ id }) => {
      const { shown, text } = this.#take(id);
      const file = { name: 'terminal.txt', label: outputLabel(shown), mediaType: 'text/plain' };
      // A key in it is refused there, with its reason, as in any file.
      await this.parts.attachments.attach({ ...file, bytes: Buffer.from(text) }, this.parts.create());
    },
    dismissOutput: ({ id }) => {
      this.#take(id);
    },
  } satisfies Partial<Handlers<'chat'>>;

  #take(id: string): { readonly shown: OfferedOutput; readonly text: string } {
    const offer = this.#offers.find(({ shown }) => shown.id === id);
    if (offer === undefined) throw refused(refusals.outputGone());
    this.#offers = this.#offers.filter((one) => one !== offer);
    this.parts.changed();
    return offer;
  }
}
