import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { type AssignedDeployment, type Assignment, packed } from "@/lib/gateway-host/assignment";
import { endedClientSchema, endedPartSchema } from "@/lib/gateway-host/revocations";
import { serverSchema } from "@/lib/gateway-host/source";
import { tokenDropSchema } from "@/lib/gateway-host/token-epochs";
import { writeDurably } from "@/lib/platform/durable-file";

/** What a gateway served last, on its own disk, so that it starts without Postgres. */
export interface LastKnownGood {
  /** What the file says, and since when. Null when there is none, or none that can be trusted: `onIgnored` then says why. */
  read(onIgnored: (reason: string) => void): Promise<{ assignment: Assignment; writtenAt: string } | null>;
  /** Writes it durably. Of several calls while one is written, only the newest is written next. @throws when the disk refuses */
  write(assignment: Assignment): Promise<void>;
  /** Takes the file away, which a full disk allows. @throws when the disk refuses */
  remove(): Promise<void>;
}

const VERSION = 1;
const KIND = "gatewright-last-known-good";

const headerSchema = z.object({
  kind: z.literal(KIND),
  version: z.int(),
  key: z.string(),
  writtenAt: z.string(),
  servers: z.array(serverSchema),
  // A copy of an earlier version says nothing of it.
  ended: z.object({ parts: z.array(endedPartSchema), clients: z.array(endedClientSchema) }).default({ parts: [], clients: [] }),
  tokenDrops: z.array(tokenDropSchema).default([]),
});
const lineSchema = z.tuple([
  z.string(),
  z.int(),
  z.object({ definition: z.unknown(), secrets: z.record(z.string(), z.object({ version: z.string(), sealed: z.string() })) }),
]);

/**
 * The copy at `path`: a header, a line for each deployment, and a seal over all of it made with the secret key, so that a
 * file that was cut short, altered or written with another key is told from a good one. Secrets in it are encrypted as
 * they are in the database.
 */
export function lastKnownGood(path: string, secretKey: string, now: () => Date = () => new Date()): LastKnownGood {
  const secret = Buffer.from(secretKey, "base64");
  const keyId = createHash("sha256").update(secret).digest("base64url").slice(0, 8);
  const sealKey = Buffer.from(hkdfSync("sha256", secret, "", KIND, 32));
  const newSeal = () => createHmac("sha256", sealKey);
  const sealOf = (body: string) => newSeal().update(body).digest("hex");
  let waiting: Assignment | null = null;
  let writing: Promise<void> | null = null;

  /** Line by line, so that a thousand deployments are never in memory as one text, nor keep calls waiting while it is made. */
  async function* textOf({ deployments, servers, ended, tokenDrops }: Assignment): AsyncGenerator<string> {
    const seal = newSeal();
    const sealed = (line: string): string => {
      seal.update(line);
      return line;
    };
    yield sealed(
      `${JSON.stringify({ kind: KIND, version: VERSION, key: keyId, writtenAt: now().toISOString(), servers, ended, tokenDrops })}\n`,
    );
    for (const { apiId, number, json } of deployments) yield sealed(`[${JSON.stringify(apiId)},${number},${json}]\n`);
    yield `${seal.digest("hex")}\n`;
  }

  const writeWaiting = async (): Promise<void> => {
    while (waiting) {
      const next = waiting;
      waiting = null;
      await writeDurably(path, textOf(next));
    }
  };

  return {
    async read(onIgnored) {
      await removeUnfinished(path);
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") onIgnored(`it cannot be read (${error.message})`);
        return null;
      });
      if (text === null) return null;
      const parsed = parse(text, keyId, sealOf);
      if (typeof parsed !== "string") return parsed;
      onIgnored(parsed);
      return null;
    },
    write(assignment) {
      waiting = assignment;
      writing ??= writeWaiting().finally(() => {
        writing = null;
      });
      return writing;
    },
    remove: () => rm(path, { force: true }),
  };
}

/** The content of a copy, or why it is not to be trusted. */
function parse(text: string, keyId: string, sealOf: (body: string) => string): { assignment: Assignment; writtenAt: string } | string {
  const end = text.lastIndexOf("\n", text.length - 2) + 1;
  const body = text.slice(0, end);
  const seal = Buffer.from(text.slice(end).trimEnd());
  const [first = "", ...lines] = body.split("\n").slice(0, -1);
  const header = headerSchema.safeParse(jsonOf(first));
  if (header.success && header.data.key !== keyId) return "it was written with another GATEWRIGHT_SECRET_KEY";
  const wanted = Buffer.from(sealOf(body));
  if (seal.length !== wanted.length || !timingSafeEqual(seal, wanted)) return "it is cut short or was altered";
  if (!header.success || header.data.version !== VERSION) return "another version of Gatewright wrote it";
  const deployments: AssignedDeployment[] = [];
  for (const line of lines) {
    const parsed = lineSchema.safeParse(jsonOf(line));
    if (!parsed.success) return "another version of Gatewright wrote it";
    const [apiId, number, content] = parsed.data;
    deployments.push(packed(apiId, number, JSON.stringify(content)));
  }
  const { servers, ended, tokenDrops, writtenAt } = header.data;
  return { assignment: { deployments, servers, ended, tokenDrops }, writtenAt };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A process that was killed while it wrote left a file of a name of its own. */
async function removeUnfinished(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const isLeft = (name: string) => name.startsWith(`${basename(path)}.`) && /^[0-9a-f]{8}$/.test(name.slice(basename(path).length + 1));
  await Promise.all(names.filter(isLeft).map((name) => rm(join(dirname(path), name), { force: true })));
}
