/** Keys of every text box: the one that sends, and those that an input method takes first. */

/** True while an input method is at work: its Enter picks a candidate, its Esc closes the list. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Enter alone sends what is in a text box; with any other key held it starts a new line. */
export function isSendKey(event: KeyboardEvent): boolean {
  const alone = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
  return event.key === 'Enter' && alone && !isComposing(event);
}
