import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEndedIndex, type Ended, type EndedPart } from "./revocations";

const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
const server = fc.constantFrom("one", "two");
/** Parts as the reader creates them: a key identifies its content, and no token is in two parts. */
const tokens = fc.uniqueArray(fc.tuple(server, id, fc.integer({ min: 0, max: 2 })), { selector: ([one, token]) => `${one} ${token}` });
const ended: fc.Arbitrary<Ended> = fc.record({
  parts: tokens.map((all) => {
    const parts: EndedPart[] = [];
    for (const minute of [0, 1, 2]) {
      const inIt = all.filter(([, , one]) => one === minute).map(([one, token]) => [one, token] as const);
      if (inIt.length > 0) parts.push({ key: `${minute} ${JSON.stringify([...inIt].sort())}`, tokens: inIt });
    }
    return parts;
  }),
  clients: fc.uniqueArray(fc.tuple(server, id, fc.nat(), fc.boolean()), { selector: ([, client]) => client }),
});

/** Successive states that share most of their parts. */
const kept: fc.Arbitrary<Ended[]> = fc
  .uniqueArray(fc.tuple(server, id), { minLength: 2, maxLength: 12, selector: (token) => token.join(" ") })
  .map((all) => all.map((token): EndedPart => ({ key: token.join(" "), tokens: [token] })))
  .chain((parts) => fc.array(fc.subarray(parts), { minLength: 1, maxLength: 6 }))
  .map((changes) => changes.map((parts): Ended => ({ parts, clients: [] })));

describe("the index of revocations", () => {
  it("equals the last loaded state after any number of changes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(ended, { minLength: 1, maxLength: 6 }), kept), (changes) => {
        const index = createEndedIndex();
        for (const change of changes) index.take(change);
        const last = changes.at(-1);
        for (const one of ["one", "two", "never seen"]) {
          const { revoked, clients } = index.of(one);
          const wanted = last?.parts.flatMap((part) => part.tokens).filter(([of]) => of === one) ?? [];
          expect(new Set(revoked)).toEqual(new Set(wanted.map(([, token]) => token)));
          const off = last?.clients.filter(([of]) => of === one) ?? [];
          expect(new Map(clients)).toEqual(new Map(off.map(([, client, endedAt, isOff]) => [client, { endedAt, isOff }])));
        }
      }),
    );
  });
});
