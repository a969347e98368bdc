import type { Meaning } from "@/components/ui/state-mark";
import type { AccessLevel, AccessOperationView } from "@/lib/management/contract/access";

/** The level an operation is listed under; anonymous writes have a level of their own. */
export type Level = AccessLevel | "anonymous-write";

interface LevelWords {
  meaning: Meaning;
  /** For tables. */
  word: string;
  /** For prose: what clients get. */
  sentence: string;
}

/** The labels of each level, most important first. */
export const levelWords: Record<Level, LevelWords> = {
  "anonymous-write": { meaning: "open", word: "Anyone may write", sentence: "Anyone may call it, and it can change data." },
  anonymous: { meaning: "open", word: "Anyone may call", sentence: "It requires no token." },
  credential: { meaning: "guarded", word: "Credential needed", sentence: "It requires a credential other than a token." },
  token: { meaning: "guarded", word: "Token needed", sentence: "It requires a valid access token." },
  scopes: { meaning: "scoped", word: "Token with scopes", sentence: "It requires a valid access token with the required scopes." },
  refused: { meaning: "neutral", word: "Rejected", sentence: "The gateway rejects every request to it." },
};

/** Every level, most important first. */
export const levels: readonly Level[] = ["anonymous-write", "anonymous", "credential", "token", "scopes", "refused"];

/** Returns the level an operation is listed under. */
export const levelOf = ({ access, isWrite }: Pick<AccessOperationView, "access" | "isWrite">): Level =>
  access === "anonymous" && isWrite ? "anonymous-write" : access;
