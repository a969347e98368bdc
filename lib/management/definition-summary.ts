import { LRUCache } from "lru-cache";
import { z } from "zod";
import { protectionOf } from "@/lib/definition/protection";
import { type Definition, ENVIRONMENTS, pathProblemsOf } from "@/lib/definition/schema";
import { type SecretReferences, secretSlots } from "@/lib/definition/secrets";
import { VERSION } from "@/lib/platform/version";
import { protectionSchema } from "./contract/apis";
import { problemItemSchema } from "./contract/common";
import { readStored, registry } from "./registry";

/** Increase it when summaries are computed differently: stored ones are then recomputed. */
const REVISION = 2;
export const SUMMARY_VERSION = `${VERSION}/${REVISION}`;

/** Maximum stored problems of one definition. */
const PROBLEMS_MAX = 10;

const summarySchema = z.object({
  version: z.string(),
  /** The draft's revision, or the deployment's number. */
  revision: z.int(),
  description: z.string(),
  contextPath: z.string(),
  /** `open` if the definition is unreadable. */
  protection: protectionSchema,
  environments: z.array(z.enum(ENVIRONMENTS)),
  /** Environments whose endpoint security is oauth2. */
  tokenEnvironments: z.array(z.enum(ENVIRONMENTS)),
  storedSecrets: z.array(z.string()),
  /** Whether this version can read the definition. */
  readable: z.boolean(),
  /** Why this version rejects the definition at deployment; empty if it doesn't. */
  problems: z.array(problemItemSchema),
});

/** The part of a definition that lists show, stored beside it. */
export type Summary = z.output<typeof summarySchema>;

/** Summarizes a valid definition. */
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

/** Summarizes a stored definition. For an unreadable one, the summary has its problems and its readable parts. */
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

/** Returns a stored summary; null if there is none, or another version wrote it. */
export function readSummary(column: unknown): Summary | null {
  const parsed = summarySchema.safeParse(column);
  return parsed.success && parsed.data.version === SUMMARY_VERSION ? parsed.data : null;
}

/**
 * Summaries of rows that store another version's summary. They aren't overwritten, because consoles of both versions may run
 * during an upgrade.
 */
const cache = new LRUCache<string, Summary>({ max: 5000 });

const isOtherVersion = (column: unknown) => summarySchema.safeParse(column).success;

/** A row that has a summary, and access to its definition if the summary is missing. */
export interface Summarized {
  /** Identifies the row and its revision. */
  key: string;
  column: unknown;
  /** Reads the definition; null if the row no longer exists. */
  load(): Promise<{ definition: unknown; references: SecretReferences; revision: number } | null>;
  /** Stores the summary if the row is unchanged since it was loaded. */
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
 * Returns a row's summary; computes and stores it if missing. Yields before each computation, so a list of such rows blocks
 * requests only for one at a time.
 */
export async function summaryFor({ key, column, load, store }: Summarized): Promise<Summary> {
  const stored = readSummary(column);
  if (stored) return stored;
  const cached = isOtherVersion(column) ? cache.get(key) : undefined;
  if (cached) return cached;
  const row = await load();
  if (!row) return EMPTY;
  await new Promise((resolve) => setImmediate(resolve));
  const summary = summarizeStored(row.definition, row.references, row.revision);
  if (isOtherVersion(column)) cache.set(key, summary);
  else await store(summary);
  return summary;
}
