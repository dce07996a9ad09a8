/**
 * What the parts that are loaded later have in common with the panel: they import it from where it is, and the build takes
 * it from the panel, so that there is one language, and one memory of what was drawn.
 */
export { html, nothing, render, svg } from 'lit-html';
export { ref } from 'lit-html/directives/ref.js';
export { repeat } from 'lit-html/directives/repeat.js';
export { visible } from '../shared/visible';
export { bounded, partFailed, plainPart, renderAlone, textWithin } from './dom/bounded';
export * from './dom/escapes';
export { icon } from './dom/icon';
export { isChord, isComposing, typeInto } from './dom/keys';
export { costStrings } from './l10n/costStrings';
export * from './l10n/format';
export * from './l10n/language';
export { strings } from './l10n/strings';
export { allAddressLines } from './view/addressNotes';
export { editedAttachments } from './view/inlineEdits';
export { offerLine } from './view/offerLine';
