import { describe, expect, it } from "vitest";
import { testContext } from "../testing";
import { transformHeadersPolicy } from "./handler";

const context = testContext();

describe("transform headers", () => {
  it.each([
    "Host",
    "content-length",
    "Transfer-Encoding",
    "CONNECTION",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "x-request-id",
    "Expect",
    "Content_Length",
    "TRANSFER.ENCODING",
    "host_",
    "X~Request~Id",
  ])("never touches %s", (name) => {
    for (const config of [{ remove: [name] }, { set: [{ name, value: "1" }] }, { append: [{ name, value: "1" }] }]) {
      expect(() => transformHeadersPolicy.compile(config, context)).toThrow("a step cannot change it");
    }
  });

  it("never makes a cookie of the console", () => {
    expect(() => transformHeadersPolicy.compile({ set: [{ name: "Set-Cookie", value: "next-auth.session-token=x" }] }, context)).toThrow(
      "cookie of the console",
    );
    expect(() => transformHeadersPolicy.compile({ set: [{ name: "Set_Cookie", value: "next-auth.session-token=x" }] }, context)).toThrow(
      "cookie of the console",
    );
    expect(() =>
      transformHeadersPolicy.compile({ append: [{ name: "cookie", value: "a=1; __Secure-next-auth.session-token=x" }] }, context),
    ).toThrow("cookie of the console");
  });
});
