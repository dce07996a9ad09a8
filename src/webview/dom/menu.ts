/** Opens VS Code's own context menu from a button. */

/** VS Code shows its menu for a `contextmenu` event, whoever it comes from. It opens below the button. */
export function openMenu(button: Element): void {
  const { left, bottom } = button.getBoundingClientRect();
  button.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  );
}
