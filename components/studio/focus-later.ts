/**
 * Focuses an element after it's rendered and a closing menu or dialog has restored its focus.
 */
export function focusLater(selector: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: false }), 180);
}
