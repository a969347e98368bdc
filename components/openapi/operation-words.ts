import { ANY_METHOD } from "@/lib/definition/operation-paths";

/** What names an operation. */
export interface NamedOperation {
  method: string;
  path: string;
}

/** A method as people read it: one that stands for every other is `ANY`. */
export const methodWord = (method: string) => (method === ANY_METHOD ? "ANY" : method);

/** The name of an operation, unique within an API: `GET /orders/:id`. */
export const operationName = ({ method, path }: NamedOperation) => `${methodWord(method)} ${path}`;

/** Where the first parameter of a path stands, to be typed over; null when there is none. */
export function firstParameter(path: string): { start: number; end: number } | null {
  const found = /\/(:[A-Za-z_][A-Za-z0-9_]*)/.exec(path);
  const parameter = found?.[1];
  return found && parameter ? { start: found.index + 1, end: found.index + 1 + parameter.length } : null;
}

/** The operations in whose method, path or summary every word of the search stands, whatever its case. */
export function searchOperations<T extends NamedOperation & { summary: string }>(operations: readonly T[], search: string): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    const text = `${operationName(operation)}\n${operation.summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A path with the methods that it takes. */
export interface SuggestedPath {
  path: string;
  methods: string[];
}

/** The paths of operations, each once, with the methods that it takes. */
export function pathsOf(operations: readonly NamedOperation[]): SuggestedPath[] {
  const methods = new Map<string, string[]>();
  for (const { method, path } of operations) methods.set(path, [...(methods.get(path) ?? []), methodWord(method)]);
  return [...methods].map(([path, taken]) => ({ path, methods: taken }));
}
