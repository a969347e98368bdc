import { describe, expect, it } from "vitest";
import { connectionFailureSchema } from "@/lib/management/contract/endpoints";
import { lifetimeInWords, resultTitle, secondsInWords, whereToLook } from "./connection-words";

describe("the words of a connection test", () => {
  it("say for every failure where to look", () => {
    for (const kind of connectionFailureSchema.options)
      for (const asked of ["tokenEndpoint", "backend"] as const) expect(whereToLook({ asked, kind })).toMatch(/\.$/);
    expect(whereToLook({ asked: "backend", kind: null })).toBeNull();
  });

  it("tell a token from an answer", () => {
    expect(resultTitle({ ok: true, asked: "tokenEndpoint" })).not.toBe(resultTitle({ ok: true, asked: "backend" }));
  });

  it.each([
    [0, "0 seconds"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [3599, "59 minutes 59 seconds"],
    [3600, "1 hour"],
    [3605, "1 hour"],
    [90_000, "1 day 1 hour"],
  ])("say %i seconds as %s", (seconds, words) => {
    expect(secondsInWords(seconds)).toBe(words);
  });

  it("say what it means that a token is over at once", () => {
    expect(lifetimeInWords(0)).toContain("every request");
    expect(lifetimeInWords(300)).toBe("5 minutes");
  });
});
