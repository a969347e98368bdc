import type { Meaning } from "@/components/ui/state-mark";
import type { Protection } from "@/lib/management/contract/apis";

interface ProtectionWords {
  meaning: Meaning;
  /** For tables and headers. */
  word: string;
  /** For prose: what clients get. */
  sentence: string;
}

/** The labels of each protection. */
export const protectionWords: Record<Protection, ProtectionWords> = {
  open: { meaning: "open", word: "Anyone may call", sentence: "Anyone may call every path without a token." },
  "partly-open": { meaning: "open", word: "Partly open", sentence: "Some requests need a token; others don't." },
  guarded: { meaning: "guarded", word: "Token needed", sentence: "Every request needs a valid access token." },
  scoped: { meaning: "scoped", word: "Token with scopes", sentence: "Every request needs a valid access token with the required scopes." },
};
