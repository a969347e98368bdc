import { operationName } from "@/components/openapi/operation-words";
import { count } from "@/components/ui/count";
import type { AccessOperationView } from "@/lib/management/contract/access";
import { type Level, levelOf, levels } from "./levels";

/** Counts the operations of each level. */
export function countLevels(operations: readonly Pick<AccessOperationView, "access" | "isWrite">[]): Record<Level, number> {
  const counts: Record<Level, number> = { "anonymous-write": 0, anonymous: 0, credential: 0, token: 0, scopes: 0, refused: 0 };
  for (const operation of operations) counts[levelOf(operation)] += 1;
  return counts;
}

/** Names the credential that every operation requires. */
function neededWords({ credential, token, scopes }: Readonly<Record<Level, number>>): string {
  if (credential === 0) return "a token";
  return token + scopes === 0 ? "a credential" : "a token or another credential";
}

/** Summarizes anonymous access in one sentence: `12 operations: 3 anonymous, 2 of them can write`. */
export function accessSentence(counts: Readonly<Record<Level, number>>): string {
  const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
  if (total === 0) return "No operations known yet";
  const writes = counts["anonymous-write"];
  const anonymous = counts.anonymous + writes;
  const known = count(total, "operation");
  if (anonymous > 0) {
    const who = anonymous === 1 && writes === 1 ? "and it can write" : `${writes} of them can write`;
    const all = anonymous === total && anonymous > 1 ? "all anonymous" : `${anonymous} anonymous`;
    return `${known}: ${all}${writes > 0 ? `, ${who}` : ""}`;
  }
  if (counts.refused === total) return `${known}: the gateway rejects ${total === 1 ? "it" : "all of them"}`;
  return `${known}: ${total === 1 ? "it needs" : counts.refused > 0 ? "all that are served need" : "all need"} ${neededWords(counts)}`;
}

/** Names the first operations of a list: `POST /orders, DELETE /orders/:id and 3 more`. */
export function namesOf(operations: readonly { method: string; path: string }[], shown = 3): string {
  const names = operations.slice(0, shown).map(operationName);
  const rest = operations.length - names.length;
  if (rest > 0) return `${names.join(", ")} and ${rest} more`;
  const last = names.pop() ?? "";
  return names.length > 0 ? `${names.join(", ")} and ${last}` : last;
}

/** Puts anonymous writes first; the rest keeps the API's order. */
export function orderOperations(operations: readonly AccessOperationView[]): AccessOperationView[] {
  const isOpenWrite = (operation: AccessOperationView) => levelOf(operation) === "anonymous-write";
  return [...operations.filter(isOpenWrite), ...operations.filter((operation) => !isOpenWrite(operation))];
}

/** The filter of the operation list. */
export interface OperationFilter {
  search: string;
  level: Level | "all";
}

/** Returns the operations of a level whose method, path, summary, scopes, or flows contain every search word, ignoring case. */
export function findOperations(operations: readonly AccessOperationView[], { search, level }: OperationFilter): AccessOperationView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter((operation) => {
    if (level !== "all" && levelOf(operation) !== level) return false;
    const asked = operation.requirements.flatMap((asked) =>
      "credential" in asked ? [asked.flow, asked.credential] : [asked.flow, asked.resource, ...asked.scopes],
    );
    const text = [operation.method, operation.path, operation.summary, ...asked].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Returns the levels that occur, with their counts. */
export function offeredLevels(operations: readonly AccessOperationView[]): { level: Level; count: number }[] {
  const counts = countLevels(operations);
  return levels.filter((level) => counts[level] > 0).map((level) => ({ level, count: counts[level] }));
}
