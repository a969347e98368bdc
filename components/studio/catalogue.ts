import type { Phase, PolicyDescriptor } from "@/lib/definition/registry";

/** A policy as the catalogue offers it for one phase. */
export interface Offer {
  policy: PolicyDescriptor;
  /** Why it cannot be added to this phase; undefined when it can. */
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
    ? "Runs before the backend is called, so it belongs in the request."
    : "Runs on the backend's answer, so it belongs in the response.";
}

/** The catalogue for a phase: policies whose words contain what is searched, by category, those that fit first. */
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
