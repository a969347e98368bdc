import type { Meaning } from "@/components/ui/state-mark";
import type { AccessLevel, AccessOperationView } from "@/lib/management/contract/access";

/** What an operation is listed as: its level, and apart from the others what changes something for anyone. */
export type Level = AccessLevel | "anonymous-write";

interface LevelWords {
  meaning: Meaning;
  /** For tables. */
  word: string;
  /** For prose: what a caller meets. */
  sentence: string;
}

/** The words for each level, once, in the order in which they matter. */
export const levelWords: Record<Level, LevelWords> = {
  "anonymous-write": { meaning: "open", word: "Anyone may write", sentence: "Anyone may call it, and it can change something." },
  anonymous: { meaning: "open", word: "Anyone may call", sentence: "It asks for no token." },
  credential: { meaning: "guarded", word: "Credential needed", sentence: "It asks for a credential other than a token." },
  token: { meaning: "guarded", word: "Token needed", sentence: "It asks for a good access token." },
  scopes: { meaning: "scoped", word: "Token with scopes", sentence: "It asks for a good access token with the required scopes." },
  refused: { meaning: "neutral", word: "Refused", sentence: "The gateway answers no call of it." },
};

/** Every level, the one that matters most first. */
export const levels: readonly Level[] = ["anonymous-write", "anonymous", "credential", "token", "scopes", "refused"];

/** What an operation is listed as. */
export const levelOf = ({ access, isWrite }: Pick<AccessOperationView, "access" | "isWrite">): Level =>
  access === "anonymous" && isWrite ? "anonymous-write" : access;
