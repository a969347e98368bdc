import { describe, expect, it } from "vitest";
import { liveWords } from "./live-words";

const seenAt = "2026-11-21T10:00:00.000Z";
const view = (...numbers: (number | null)[]) => ({
  live: numbers.filter((number) => number === 3).length,
  of: numbers.length,
  gateways: numbers.map((number, index) => ({ id: `gw-${index + 1}`, kind: "data-plane" as const, number, seenAt })),
});

describe("where a deployment is live, in words", () => {
  it("counts no gateways while there is only one", () => {
    expect(liveWords(3, view(3))).toEqual({
      title: "Deployment 3 is live",
      count: "Live on 1 of 1 gateway",
      isEverywhere: true,
      lagging: null,
    });
  });

  it("counts them when there are several", () => {
    expect(liveWords(3, view(3, 3, 3))).toMatchObject({ title: "Deployment 3 is live on 3 of 3 gateways", isEverywhere: true });
  });

  it("names those that lag, and begins as it does otherwise", () => {
    const words = liveWords(3, view(3, 2, 3));
    expect(words).toMatchObject({ count: "Live on 2 of 3 gateways", isEverywhere: false, lagging: "gw-2" });
    expect(words.title).toMatch(/^Deployment 3 is live/);
    expect(liveWords(3, view(null, 2, 3)).lagging).toBe("gw-1 and gw-2");
    expect(liveWords(3, view(null, 2, 1, 1)).lagging).toBe("gw-1, gw-2 and 2 more");
  });
});
