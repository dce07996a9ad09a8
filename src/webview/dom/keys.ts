/** Keys of every text box: the one that sends, and those that an input method takes first. */

/** True while an input method is at work: its Enter picks a candidate, its Esc closes the list. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
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
