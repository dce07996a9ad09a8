/** Before the first message of a workspace: what goes with it, by name, and the way to send only what one adds. */
import { html, nothing } from 'lit-html';
import { language } from '../l10n/language';
import { strings } from '../l10n/strings';
import type { View } from '../view/view';

/** The line above the composer; nothing once something was sent from this workspace. */
export function firstSendLine(view: View): unknown {
  const { firstSend } = view.composer;
  if (firstSend === null) return nothing;
  const { automatic, labels, files } = firstSend;
  const parts = [...labels, ...(files === 0 ? [] : [strings.openFilesNamed(files)])];
  const list = new Intl.ListFormat(language(), { type: 'conjunction' }).format(parts);
  return html`<div class="firstSend">
    <span class="firstSendWords">${strings.sends(list)}</span>${
      automatic
        ? html`<span class="dot"> </span><span class="dotted"><button
      class="linkButton" type="button" data-do="onlyWhatIAdd" tabindex="0"
      @click=${() => view.actions.here('onlyWhatIAdd', { only: true })}
    >${strings.onlyWhatIAdd()}</button></span>`
        : nothing
    }
  </div>`;
}
