/**
 * Takes the keyboard to an element once the change that makes it appear has been drawn and whatever closes
 * (a menu, a dialog) has given its focus back.
 */
export function focusLater(selector: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: false }), 180);
}
