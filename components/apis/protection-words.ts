import type { Meaning } from "@/components/ui/state-mark";
import type { Protection } from "@/lib/management/contract/apis";

interface ProtectionWords {
  meaning: Meaning;
  /** For tables and headers. */
  word: string;
  /** For prose: what a caller meets. */
  sentence: string;
}

/** The words for each protection, once. */
export const protectionWords: Record<Protection, ProtectionWords> = {
  open: { meaning: "open", word: "Anyone may call", sentence: "Anyone may call every path without a token." },
  "partly-open": { meaning: "open", word: "Partly open", sentence: "Some calls need a token; anyone may make the others." },
  guarded: { meaning: "guarded", word: "Token needed", sentence: "Every call needs a good access token." },
  scoped: { meaning: "scoped", word: "Token with scopes", sentence: "Every call needs a good access token with the required scopes." },
};
