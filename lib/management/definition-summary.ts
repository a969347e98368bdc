import { LRUCache } from "lru-cache";
import { z } from "zod";
import { protectionOf } from "@/lib/definition/protection";
import { type Definition, ENVIRONMENTS, pathProblemsOf } from "@/lib/definition/schema";
import { type SecretReferences, secretSlots } from "@/lib/definition/secrets";
import { VERSION } from "@/lib/platform/version";
import { protectionSchema } from "./contract/apis";
import { problemItemSchema } from "./contract/common";
import { readStored, registry } from "./registry";

/** Raised whenever a definition may be read or judged differently: stored summaries are then computed again. */
const REVISION = 2;
export const SUMMARY_VERSION = `${VERSION}/${REVISION}`;

/** As many problems of a definition are kept as people read. */
const PROBLEMS_MAX = 10;

const summarySchema = z.object({
  version: z.string(),
  /** The revision of the draft, or the number of the deployment: two summaries that follow each other differ. */
  revision: z.int(),
  description: z.string(),
  contextPath: z.string(),
  /** `open` where the definition can't be read. */
  protection: protectionSchema,
  environments: z.array(z.enum(ENVIRONMENTS)),
  /** Whose endpoint is reached with a token of the backend's authorization server. */
  tokenEnvironments: z.array(z.enum(ENVIRONMENTS)),
  storedSecrets: z.array(z.string()),
  /** This version can read the definition. */
  readable: z.boolean(),
  /** Why this version doesn't deploy the definition; empty when it does. */
  problems: z.array(problemItemSchema),
});

/** What lists show of a definition, stored beside it. */
export type Summary = z.output<typeof summarySchema>;

/** Summarizes a definition that was checked. */
export function summaryOf(definition: Definition, references: SecretReferences, revision: number): Summary {
  return {
    version: SUMMARY_VERSION,
    revision,
    description: definition.description,
    contextPath: definition.contextPath,
    protection: protectionOf(definition, registry),
    environments: ENVIRONMENTS.filter((name) => definition.endpoints[name]),
    tokenEnvironments: ENVIRONMENTS.filter((name) => definition.endpoints[name]?.security.type === "oauth2"),
    storedSecrets: secretSlots(definition, registry).flatMap((slot) => (references[slot.key] ? [slot.path] : [])),
    readable: true,
    problems: pathProblemsOf(definition).slice(0, PROBLEMS_MAX),
  };
}

const textIn = (value: unknown, key: string): string => {
  const found = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === "string" ? found : "";
};

/** Summarizes a definition as it is stored. One that this version can't read has problems, and what can be told of it. */
export function summarizeStored(stored: unknown, references: SecretReferences, revision: number): Summary {
  const read = readStored(stored);
  if (read.ok) return summaryOf(read.definition, references, revision);
  return {
    version: SUMMARY_VERSION,
    revision,
    description: textIn(stored, "description"),
    contextPath: textIn(stored, "contextPath"),
    protection: "open",
    environments: [],
    tokenEnvironments: [],
    storedSecrets: [],
    readable: false,
    problems: read.problems.slice(0, PROBLEMS_MAX),
  };
}

/** A stored summary; null when there is none, or none that this version wrote. */
export function readSummary(column: unknown): Summary | null {
  const parsed = summarySchema.safeParse(column);
  return parsed.success && parsed.data.version === SUMMARY_VERSION ? parsed.data : null;
}

/** Summaries that another version's keep their place in the database, while consoles of both run. */
const known = new LRUCache<string, Summary>({ max: 5000 });

const isForeign = (column: unknown) => summarySchema.safeParse(column).success;

/** A row whose summary is wanted, and how it is found when the row has none. */
export interface Summarized {
  /** Tells the row and its revision apart from every other. */
  key: string;
  column: unknown;
  /** Reads the definition; null when the row is gone. */
  load(): Promise<{ definition: unknown; references: SecretReferences; revision: number } | null>;
  /** Stores the summary, only while the row is what was loaded. */
  store(summary: Summary): Promise<unknown>;
}

const EMPTY: Summary = {
  version: SUMMARY_VERSION,
  revision: 0,
  description: "",
  contextPath: "",
  protection: "open",
  environments: [],
  tokenEnvironments: [],
  storedSecrets: [],
  readable: false,
  problems: [],
};

/**
 * The summary of a row: the stored one, or one that is computed now and stored. Each computation yields first, so that a list
 * of rows without summaries holds nobody up for longer than one of them takes.
 */
export async function summaryFor({ key, column, load, store }: Summarized): Promise<Summary> {
  const stored = readSummary(column);
  if (stored) return stored;
  const remembered = isForeign(column) ? known.get(key) : undefined;
  if (remembered) return remembered;
  const row = await load();
  if (!row) return EMPTY;
  await new Promise((resolve) => setImmediate(resolve));
  const summary = summarizeStored(row.definition, row.references, row.revision);
  if (isForeign(column)) known.set(key, summary);
  else await store(summary);
  return summary;
}
