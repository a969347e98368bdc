import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Assignment } from "@/lib/gateway-host/assignment";
import { NOTHING_ENDED } from "@/lib/gateway-host/revocations";
import { lastKnownGood } from "./last-known-good";
import { newSecretKey } from "./testing/launch";

const folder = mkdtempSync(join(tmpdir(), "gw-copy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const key = newSecretKey();
const path = join(folder, "me.json");
const copy = lastKnownGood(path, key, () => new Date(0));

const EMPTY = '{"definition":{},"secrets":{}}';

const text = fc.string({ unit: "grapheme" });
const deployment = fc.record({
  apiId: text,
  number: fc.integer({ min: 1, max: 2_147_483_647 }),
  json: fc
    .record({
      definition: fc.jsonValue(),
      secrets: fc.dictionary(
        text.filter((name) => name !== "__proto__"),
        fc.record({ version: text, sealed: text }),
      ),
    })
    .map((content) => JSON.stringify(content)),
});
const server = fc.record({
  id: text,
  issuer: text,
  audience: text,
  enabled: fc.boolean(),
  keys: fc.array(fc.record({ kty: text, n: text })),
  keyEnds: fc.dictionary(
    text.filter((name) => name !== "__proto__"),
    fc.nat(),
  ),
});
const ended = fc.record({
  parts: fc.array(fc.record({ key: text, tokens: fc.array(fc.tuple(text, text)) })),
  clients: fc.array(fc.tuple(text, text, fc.nat(), fc.boolean())),
});
const tokenDrops = fc.array(fc.record({ apiId: text, environment: text, epoch: fc.nat() }));
const assignment: fc.Arbitrary<Assignment> = fc.record({ deployments: fc.array(deployment), servers: fc.array(server), ended, tokenDrops });

const read = async (from = copy) => {
  const reasons: string[] = [];
  const kept = await from.read((reason) => reasons.push(reason));
  return { kept, reasons };
};
const meaning = ({ deployments, servers, ended: over, tokenDrops: drops }: Assignment) => ({
  deployments: deployments.map(({ apiId, number, json }) => ({ apiId, number, content: JSON.parse(json) })),
  servers,
  ended: over,
  drops,
});

describe("a last-known-good copy", () => {
  it("gives back what was written", async () => {
    await fc.assert(
      fc.asyncProperty(assignment, async (written) => {
        await copy.write(written);
        const { kept, reasons } = await read();
        expect(reasons).toEqual([]);
        expect(kept && meaning(kept.assignment)).toEqual(meaning(written));
        expect(kept?.writtenAt).toBe("1970-01-01T00:00:00.000Z");
      }),
      { numRuns: 100 },
    );
  });

  it("is ignored, with a reason, wherever it was cut and whatever byte was changed", async () => {
    const deployments = [{ apiId: "api_1", number: 3, json: '{"definition":{"name":"Orders"},"secrets":{}}' }];
    await copy.write({ deployments, servers: [], ended: NOTHING_ENDED, tokenDrops: [] });
    const good = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(
        // The newline after the seal is no part of what is sealed.
        fc.integer({ min: 0, max: good.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (place, change, isCut) => {
          const damaged = Buffer.from(good);
          damaged[place] = (damaged[place] ?? 0) ^ change;
          writeFileSync(path, isCut ? good.subarray(0, place) : damaged);
          const { kept, reasons } = await read();
          expect(kept).toBeNull();
          expect(reasons).toHaveLength(1);
        },
      ),
    );
  });

  it("is ignored under another key, which is said as such", async () => {
    await copy.write({ deployments: [], servers: [], ended: NOTHING_ENDED, tokenDrops: [] });
    const { kept, reasons } = await read(lastKnownGood(path, newSecretKey()));
    expect(kept).toBeNull();
    expect(reasons).toEqual(["it was written with another GATEWRIGHT_SECRET_KEY"]);
  });

  it("of another form is ignored, although its seal is good", async () => {
    await copy.write({ deployments: [{ apiId: "api_1", number: 1, json: "{}" }], servers: [], ended: NOTHING_ENDED, tokenDrops: [] });
    expect((await read()).reasons).toEqual(["another version of Gatewright wrote it"]);
  });

  it("is nothing to talk about when there is none", async () => {
    expect(await read(lastKnownGood(join(folder, "other.json"), key))).toEqual({ kept: null, reasons: [] });
  });

  it("holds the newest of many that came at once, and leaves no file half written", async () => {
    const writes = Array.from({ length: 20 }, (_, index) =>
      copy.write({ deployments: [{ apiId: "api_1", number: index + 1, json: EMPTY }], servers: [], ended: NOTHING_ENDED, tokenDrops: [] }),
    );
    await Promise.all(writes);
    expect(readFileSync(path, "utf8")).toContain(`["api_1",20,${EMPTY}]`);
    writeFileSync(`${path}.0123abcd`, "of a process that was killed");
    await read();
    expect(readdirSync(folder)).toEqual(["me.json"]);
  });
});
