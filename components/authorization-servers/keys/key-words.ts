import type { SigningKeyView } from "@/lib/management/contract/authorization";

const order = { next: 0, active: 1, previous: 2 } as const;

/** Sorts keys: next, active, then previous ones, newest first. */
export function inOrder(keys: readonly SigningKeyView[]): SigningKeyView[] {
  return [...keys].sort((a, b) => order[a.state] - order[b.state] || b.createdAt.localeCompare(a.createdAt));
}

/** The label and explanation of each key state. */
export const stateWords: Record<SigningKeyView["state"], { name: string; meaning: string }> = {
  next: { name: "Next", meaning: "Published; signs after the next rotation" },
  active: { name: "Active", meaning: "Signs new tokens" },
  previous: { name: "Previous", meaning: "Verifies tokens it signed" },
};
