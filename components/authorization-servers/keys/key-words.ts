import type { SigningKeyView } from "@/lib/management/contract/authorization";

const order = { next: 0, active: 1, previous: 2 } as const;

/** The keys as they follow each other: the next one, the active one, then those before it, the latest first. */
export function inOrder(keys: readonly SigningKeyView[]): SigningKeyView[] {
  return [...keys].sort((a, b) => order[a.state] - order[b.state] || b.createdAt.localeCompare(a.createdAt));
}

/** What each state of a key means. */
export const stateWords: Record<SigningKeyView["state"], { name: string; meaning: string }> = {
  next: { name: "Next", meaning: "Published already, signs after the next rotation" },
  active: { name: "Active", meaning: "Signs new tokens" },
  previous: { name: "Previous", meaning: "Verifies the tokens that it signed" },
};
