/**
 * Focuses the field at a problem's path, or the field that contains it. Returns whether the page has one.
 */
export function focusField(path: string): boolean {
  for (let at = path; at !== ""; at = at.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]+)$/, "")) {
    const field = document.querySelector(`[data-field-path="${CSS.escape(at)}"]`);
    const control = field?.querySelector<HTMLElement>("input, textarea, select, button");
    if (!field) continue;
    field.scrollIntoView({ block: "center" });
    control?.focus();
    return true;
  }
  return false;
}
