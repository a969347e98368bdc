import { describe, expect, it } from "vitest";
import { emptyInput, type RequestInput } from "./request-input";
import { parseInput, serializeInput } from "./saved-input";

const input: RequestInput = {
  method: "POST",
  path: "/items",
  headers: [{ key: "saved-0", name: "X-A", value: "1" }],
  contentType: "text/plain",
  body: "hello",
  tokenSource: "application",
  applicationId: "app_1",
  scopes: ["orders:read"],
};

describe("what is remembered of a call", () => {
  it("comes back as it was", () => {
    expect(parseInput(serializeInput(input))).toEqual(input);
  });

  it("holds no credential", () => {
    const headers = ["Authorization", "cookie", "X-Api-Key", "x-apikey", "X-Auth-Token", "Client-Secret"].map((name, index) => ({
      key: `${index}`,
      name,
      value: "s3cret",
    }));
    const text = serializeInput({ ...input, headers });
    expect(text).not.toContain("s3cret");
    expect(text).toContain("X-Api-Key");
  });

  it("starts anew with what it does not understand", () => {
    for (const text of [null, "", "{", "[]", '{"method":"BREW"}']) expect(parseInput(text)).toEqual(emptyInput);
  });
});
