import { ANY_METHOD } from "@/lib/definition/operation-paths";

/** An operation's identity. */
export interface NamedOperation {
  method: string;
  path: string;
}

/** Returns a method's label: `ANY` for the wildcard. */
export const methodWord = (method: string) => (method === ANY_METHOD ? "ANY" : method);

/** Returns an operation's name, unique within an API: `GET /orders/:id`. */
export const operationName = ({ method, path }: NamedOperation) => `${methodWord(method)} ${path}`;

/** Returns the position of a path's first parameter, to select it; null if none. */
export function firstParameter(path: string): { start: number; end: number } | null {
  const found = /\/(:[A-Za-z_][A-Za-z0-9_]*)/.exec(path);
  const parameter = found?.[1];
  return found && parameter ? { start: found.index + 1, end: found.index + 1 + parameter.length } : null;
}

/** Returns the operations whose method, path, or summary contain every search word, ignoring case. */
export function searchOperations<T extends NamedOperation & { summary: string }>(operations: readonly T[], search: string): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const text = `${operationName(operation)}\n${operation.summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A path with its methods. */
export interface SuggestedPath {
  path: string;
  methods: string[];
}

/** Groups operations by path. */
export function pathsOf(operations: readonly NamedOperation[]): SuggestedPath[] {
  const methods = new Map<string, string[]>();
  for (const { method, path } of operations) methods.set(path, [...(methods.get(path) ?? []), methodWord(method)]);
  return [...methods].map(([path, taken]) => ({ path, methods: taken }));
}
