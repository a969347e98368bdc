import type { TokenPreviewView } from "@/lib/management/contract/authorization";

type Issued = Extract<TokenPreviewView, { issued: true }>;

/** A claim's source: its label, and the server tab that shows it. */
export interface ClaimSource {
  words: string;
  tab: "claims" | "policies" | "settings" | null;
}

/** Returns the source of a previewed token's claim. */
export function sourceOf({ sources, rule }: Pick<Issued, "sources" | "rule">, claim: string): ClaimSource {
  const source = sources.find((one) => one.claim === claim)?.source;
  switch (source) {
    case "claim":
      return { words: `claim ${claim}`, tab: "claims" };
    case "rule":
      return { words: `rule ${rule.name}`, tab: "policies" };
    case "okta":
      return { words: "Okta claims", tab: "settings" };
    case "application":
      return { words: "application", tab: null };
    default:
      return { words: "standard", tab: null };
  }
}
