/** Keys of every text box: the one that sends, and those that an input method takes first. */

const isMac = navigator.platform.startsWith('Mac');

/** True while an input method is at work: its Enter picks a candidate, its Esc closes the list. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Undo and redo of the text that has the focus, before VS Code gets the keys: it may take them for those of the file behind
 * (L69). Listens before any field does.
 */
export function undoInText(event: KeyboardEvent): void {
  const { ctrlKey, metaKey, shiftKey, altKey } = event;
  const key = String.fromCharCode(event.keyCode);
  const [held, other] = isMac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (!isInText(event) || isComposing(event) || altKey || other || !held) return;
  // With Shift, Y is another command of VS Code's; a Mac has no such key.
  if (key !== 'Z' && (key !== 'Y' || shiftKey || isMac)) return;
  event.preventDefault();
  event.stopPropagation();
  document.execCommand(key === 'Y' || shiftKey ? 'redo' : 'undo');
}

/**
 * A key that is held down deletes, stops, allows or presses once: what comes to its place meanwhile was not meant. A text
 * goes on. Listens before anything else does.
 */
export function onlyOnce(event: KeyboardEvent): void {
  if (!event.repeat || !(isInText(event) ? /^Esc/ : /^(Esc|Enter|Del|Back)/).test(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function isInText({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.matches('textarea, [type=text], [type=search]');
}

/**
 * Puts a text in as if it were typed, at the cursor or in a place's stead: Undo takes it away again (L69). False where it
 * could not be.
 */
export function typeInto(field: HTMLTextAreaElement, text: string, from?: number, to?: number): boolean {
  field.focus();
  if (from !== undefined) field.setSelectionRange(from, to ?? from);
  return document.execCommand('insertText', false, text);
}

/** True for the keys of a command of VS Code's: here they do nothing. */
export function isChord({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return altKey || ctrlKey || metaKey;
}

/**
 * Enter alone sends what is in a text box, or Enter with Ctrl or Cmd where the user wants it so
 * (`prelude.useCtrlEnterToSend`); with other keys held it starts a new line.
 */
export function isSendKey(event: KeyboardEvent, withCtrl: boolean): boolean {
  const held = event.ctrlKey || event.metaKey;
  return event.key === 'Enter' && held === withCtrl && !event.shiftKey && !event.altKey && !isComposing(event);
}
