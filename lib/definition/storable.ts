import { formatPath, type Problem } from "./problems";

/** False for a NUL or half of a surrogate pair, which databases and files can't store as text. */
const isStorable = (text: string) => !text.includes("\0") && text.isWellFormed();

/** Nothing that is sent nests a tenth of this; whatever reads the value afterwards recurses once per level. */
const DEPTH_MAX = 200;

const PROBLEMS_MAX = 100;

/** What YAML aliases share is looked at once: looking at it everywhere could take as long as it unfolds. */
function walk(value: unknown, path: PropertyKey[], problems: Problem[], seen: Set<object>): void {
  if (problems.length >= PROBLEMS_MAX) return;
  const add = (message: string) => problems.push({ path: formatPath(path), message });
  if (typeof value === "string" && !isStorable(value)) add("The text has a NUL character or half of a surrogate pair. Remove it.");
  if (value === null || typeof value !== "object" || seen.has(value)) return;
  seen.add(value);
  if (path.length === DEPTH_MAX) {
    problems.push({ path: "", message: `The input is nested too deeply: more than ${DEPTH_MAX} levels. Flatten it.` });
    return;
  }
  for (const key of Object.keys(value)) {
    // A key of this name would be the prototype of whatever object it is copied into.
    if (key === "__proto__") add("The key __proto__ is not allowed. Remove it.");
    if (!isStorable(key)) {
      add("A key has a NUL character or half of a surrogate pair. Remove it.");
      continue;
    }
    path.push(Array.isArray(value) ? Number(key) : key);
    walk(Reflect.get(value, key), path, problems, seen);
    path.pop();
  }
}

/** Every place of a value, keys included, that holds text which cannot be stored; and what nests without end. */
export function unstorableText(value: unknown): Problem[] {
  const problems: Problem[] = [];
  walk(value, [], problems, new Set());
  return problems;
}
