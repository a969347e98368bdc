import { flowPathProblem } from "./paths";

/** A path of an OpenAPI document as it is written here, or why no call can be made of it. */
export type PathReading = { path: string; warning: string | null } | { path: null; warning: string };

const parameterName = (text: string) => text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?![A-Za-z_])/, "_");

/** No path of a flow is as long. */
const TEMPLATE_MAX = 4000;

/** A template as warnings quote it. */
const quoted = (template: string) => (template.length > 200 ? `${template.slice(0, 200)}…` : template);

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique); number += 1) unique = `${name}_${number}`;
  taken.add(unique);
  return unique;
}

/**
 * Turns a path template of OpenAPI (`/items/{id}:cancel`) into a path as flows write it (`/items/:id:cancel`). A segment in which
 * a parameter does not come first, or that has several, stands as a parameter: no match can say more.
 */
export function readPathTemplate(template: string): PathReading {
  if (template.length > TEMPLATE_MAX)
    return { path: null, warning: `${quoted(template)}: the path has more than ${TEMPLATE_MAX} characters, so it is left out.` };
  if (!template.startsWith("/"))
    return { path: null, warning: `${quoted(template)}: the path does not start with a slash, so it is left out.` };
  const parts = template.slice(1).split("/");
  if (parts.at(-1) === "") parts.pop();
  const taken = new Set<string>();
  let warning: string | null = null;
  const segments: string[] = [];
  for (const part of parts) {
    const parameters = [...part.matchAll(/\{([^{}]*)\}/g)];
    if (parameters.length === 0) {
      if (/[{}]/.test(part)) return { path: null, warning: `${quoted(template)}: a curly bracket stands alone, so the path is left out.` };
      if (part.startsWith(":"))
        return {
          path: null,
          warning: `${quoted(template)}: a segment starts with a colon, which would be a parameter here, so the path is left out.`,
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
    if (!whole) warning = `${quoted(template)}: ${quoted(part)} is a parameter in part; it is listed as one that takes the whole segment.`;
    const name = parameterName(whole ? (parameters[0]?.[1] ?? "") : parameters.map((parameter) => parameter[1]).join("_"));
    segments.push(`:${uniqueName(name, taken)}`);
  }
  const path = `/${segments.join("/")}`;
  const problem = flowPathProblem(path);
  return problem ? { path: null, warning: `${quoted(template)}: the path is left out. ${problem}` } : { path, warning };
}
