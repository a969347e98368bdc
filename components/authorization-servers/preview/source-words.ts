import type { TokenPreviewView } from "@/lib/management/contract/authorization";

type Issued = Extract<TokenPreviewView, { issued: true }>;

/** Where a claim comes from: its words, and the tab of the server that shows it. */
export interface ClaimSource {
  words: string;
  tab: "claims" | "policies" | "settings" | null;
}

/** Where a claim of a previewed token comes from. */
export function sourceOf({ sources, rule }: Pick<Issued, "sources" | "rule">, claim: string): ClaimSource {
  const source = sources.find((one) => one.claim === claim)?.source;
  switch (source) {
    case "claim":
      return { words: `claim ${claim}`, tab: "claims" };
    case "rule":
      return { words: `rule ${rule.name}`, tab: "policies" };
    case "okta":
      return { words: "Okta's claims", tab: "settings" };
    case "application":
      return { words: "application", tab: null };
    default:
      return { words: "standard", tab: null };
  }
}
