import { uniqueName } from "./foreign-paths";
import { flowPathProblem } from "./paths";

/** A converted path of an OpenAPI document, or why it's unusable. */
export type PathReading = { path: string; warning: string | null } | { path: null; warning: string };

const parameterName = (text: string) => text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?![A-Za-z_])/, "_");

/** No path of a flow is as long. */
const TEMPLATE_MAX = 4000;

/** A template as warnings quote it. */
const quoted = (template: string) => (template.length > 200 ? `${template.slice(0, 200)}…` : template);

/**
 * Converts an OpenAPI path template (`/items/{id}:cancel`) to a flow path (`/items/:id:cancel`). A segment with several parameters,
 * or one that isn't first, becomes a single parameter.
 */
export function readPathTemplate(template: string): PathReading {
  if (template.length > TEMPLATE_MAX)
    return { path: null, warning: `${quoted(template)}: skipped: the path is longer than ${TEMPLATE_MAX} characters.` };
  if (!template.startsWith("/")) return { path: null, warning: `${quoted(template)}: skipped: the path doesn't start with a slash.` };
  const parts = template.slice(1).split("/");
  if (parts.at(-1) === "") parts.pop();
  const taken = new Set<string>();
  let warning: string | null = null;
  const segments: string[] = [];
  for (const part of parts) {
    const parameters = [...part.matchAll(/\{([^{}]*)\}/g)];
    if (parameters.length === 0) {
      if (/[{}]/.test(part)) return { path: null, warning: `${quoted(template)}: skipped: the path has an unmatched curly bracket.` };
      if (part.startsWith(":"))
        return {
          path: null,
          warning: `${quoted(template)}: skipped: a segment starts with a colon, which marks parameters here.`,
        };
      segments.push(part);
      continue;
    }
    const [first = ""] = parameters[0] ?? [];
    const suffix = parameters.length === 1 && part.startsWith(first) ? part.slice(first.length) : "";
    if (suffix !== "" && flowPathProblem(`/:p${suffix}`) === undefined) {
      segments.push(`:${uniqueName(parameterName(first.slice(1, -1)), taken)}${suffix}`);
      continue;
    }
    const whole = first === part;
    if (!whole)
      warning = `${quoted(template)}: ${quoted(part)} is only partly a parameter; it's listed as a parameter for the whole segment.`;
    const name = parameterName(whole ? (parameters[0]?.[1] ?? "") : parameters.map((parameter) => parameter[1]).join("_"));
    segments.push(`:${uniqueName(name, taken)}`);
  }
  const path = `/${segments.join("/")}`;
  const problem = flowPathProblem(path);
  return problem ? { path: null, warning: `${quoted(template)}: skipped. ${problem}` } : { path, warning };
}
