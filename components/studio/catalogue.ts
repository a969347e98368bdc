import type { Phase, PolicyDescriptor } from "@/lib/definition/registry";

/** A policy in the catalog of one phase. */
export interface Offer {
  policy: PolicyDescriptor;
  /** Why it can't be added to this phase; undefined if it can. */
  unavailable: string | undefined;
}

/** Offers of one category. */
export interface Shelf {
  category: PolicyDescriptor["category"];
  title: string;
  offers: Offer[];
}

const categoryTitles: Record<PolicyDescriptor["category"], string> = {
  security: "Security",
  traffic: "Traffic",
  transformation: "Transformation",
};

function whyNot(policy: PolicyDescriptor, phase: Phase): string | undefined {
  if (policy.phases.includes(phase)) return undefined;
  return phase === "response"
    ? "Request phase only: it runs before the backend is called."
    : "Response phase only: it runs on the backend's response.";
}

/** Returns a phase's catalog: policies that match the search, by category, available ones first. */
export function shelvesFor(policies: readonly PolicyDescriptor[], phase: Phase, search: string): Shelf[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = policies.filter((policy) => {
    const text = `${policy.id} ${policy.title} ${policy.summary} ${policy.help} ${categoryTitles[policy.category]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const offers = found
    .map((policy) => ({ policy, unavailable: whyNot(policy, phase) }))
    .sort((a, b) => Number(Boolean(a.unavailable)) - Number(Boolean(b.unavailable)));
  const categories = [...new Set(offers.map(({ policy }) => policy.category))];
  return categories.map((category) => ({
    category,
    title: categoryTitles[category],
    offers: offers.filter(({ policy }) => policy.category === category),
  }));
}
