/**
 * Takes the keyboard to the field at a problem's path, or to the field that contains it. For summaries of problems.
 * Answers whether there was one in the page.
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
