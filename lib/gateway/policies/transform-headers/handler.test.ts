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
  ])("rejects a configuration that changes %s", (name) => {
    for (const config of [{ remove: [name] }, { set: [{ name, value: "1" }] }, { append: [{ name, value: "1" }] }]) {
      expect(() => transformHeadersPolicy.compile(config, context)).toThrow("can't be changed by a step");
    }
  });

  it("rejects a configuration that sends a console cookie", () => {
    expect(() => transformHeadersPolicy.compile({ set: [{ name: "Set-Cookie", value: "next-auth.session-token=x" }] }, context)).toThrow(
      "console cookie",
    );
    expect(() => transformHeadersPolicy.compile({ set: [{ name: "Set_Cookie", value: "next-auth.session-token=x" }] }, context)).toThrow(
      "console cookie",
    );
    expect(() =>
      transformHeadersPolicy.compile({ append: [{ name: "cookie", value: "a=1; __Secure-next-auth.session-token=x" }] }, context),
    ).toThrow("console cookie");
  });
});
