/** A label that ends with a place: where there is little room its beginning is cut, and the place never is. */
import { html, type TemplateResult } from 'lit-html';

/** `place` is the end of the label; '' for a label without one. */
export function placedLabel(label: string, place: string | undefined): TemplateResult {
  if (place === undefined || place === '' || !label.endsWith(place))
    return html`<span class="chipLabel">${label}</span>`;
  return html`<span class="chipLabel placed"><span class="chipName">${label.slice(0, -place.length)}</span><span class="chipPlace">${place}</span></span>`;
}
