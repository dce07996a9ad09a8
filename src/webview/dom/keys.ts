/** True while an input method is at work: its Enter picks a candidate, its Esc closes the list. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
