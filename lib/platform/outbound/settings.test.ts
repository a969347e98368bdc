import { describe, expect, it, test } from "vitest";
import { EnvironmentError, readEnvironment } from "../env";

describe("outbound settings", () => {
  it("are empty without variables, and ignore those of other programs", () => {
    const nothing = { deny: [], allow: [], proxy: null, noProxy: [] };
    expect(readEnvironment({}).outbound).toEqual(nothing);
    expect(readEnvironment({ HTTPS_PROXY: "http://p", HTTP_PROXY: "http://p", NO_PROXY: "*" }).outbound).toEqual(nothing);
  });

  it("are lists, and a proxy with its exceptions", () => {
    const { outbound } = readEnvironment({
      GATEWRIGHT_OUTBOUND_DENY: "10.0.0.0/8, *.secret.internal",
      GATEWRIGHT_OUTBOUND_ALLOW: "fd00::/8,192.0.2.7",
      GATEWRIGHT_OUTBOUND_PROXY: "http://me:p%40ss@proxy.internal:3128",
      GATEWRIGHT_OUTBOUND_NO_PROXY: "localhost|*.internal, 10.*",
    });
    expect(outbound).toEqual({
      deny: ["10.0.0.0/8", "*.secret.internal"],
      allow: ["fd00::/8", "192.0.2.7"],
      proxy: {
        protocol: "http:",
        hostname: "proxy.internal",
        port: 3128,
        authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
      },
      noProxy: ["localhost", "*.internal", "10.*"],
    });
  });

  test.each([
    ["GATEWRIGHT_OUTBOUND_DENY", "10.0.0.0/33", "10.0.0.0/33 isn't a network or a complete address. Examples: 10.0.0.0/8"],
    ["GATEWRIGHT_OUTBOUND_DENY", "10.*", "10.* isn't a network"],
    ["GATEWRIGHT_OUTBOUND_ALLOW", "https://idp.internal", "https://idp.internal isn't a network"],
    ["GATEWRIGHT_OUTBOUND_ALLOW", "idp.internal:443", "Omit scheme and port"],
    ["GATEWRIGHT_OUTBOUND_PROXY", "proxy.internal:3128", "must be an http or https URL, for example http://proxy.internal:3128"],
    ["GATEWRIGHT_OUTBOUND_PROXY", "http://proxy/x", "must not have a path"],
  ])("reject %s=%s with the fix", (name, value, fix) => {
    const read = () => readEnvironment({ [name]: value });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(new RegExp(`^${name} `));
    expect(read).toThrow(fix);
  });

  it("never print the proxy's password", () => {
    for (const url of ["http://me:s3cret@proxy/path", "ftp://me:s3cret@proxy", "http://me%zz:s3cret@proxy"]) {
      let message = "";
      try {
        readEnvironment({ GATEWRIGHT_OUTBOUND_PROXY: url });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain("GATEWRIGHT_OUTBOUND_PROXY");
      expect(message).not.toContain("s3cret");
    }
  });
});
