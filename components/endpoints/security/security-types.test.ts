import { describe, expect, it } from "vitest";
import { endpointSecuritySchema } from "@/lib/gateway/endpoint-security/schema";
import { isOAuth2, newSecurity, SECURITY_TYPES, securityName } from "./security-types";

describe("the types of endpoint security", () => {
  it("are offered by the names that people know", () => {
    expect(SECURITY_TYPES.map(({ label }) => label)).toEqual(["None", "Basic", "Digest", "OAuth 2.0"]);
    expect(SECURITY_TYPES.every(({ description }) => description.endsWith("."))).toBe(true);
  });

  it("begin with every default of the schema", () => {
    const filled = { tokenUrl: "https://idp.example/token", clientId: "gateway", clientSecret: "s3cret" };
    const begun = { ...newSecurity("oauth2", { type: "none" }), ...filled };
    expect(endpointSecuritySchema.parse({ type: "oauth2", ...filled })).toEqual(begun);
  });

  it("take a user name along and nothing else", () => {
    const former = { type: "basic", username: "svc", password: "s3cret" };
    expect(newSecurity("digest", former)).toEqual({ type: "digest", username: "svc" });
    expect(newSecurity("oauth2", former)).toMatchObject({ type: "oauth2", username: "svc" });
    expect(newSecurity("oauth2", former)).not.toHaveProperty("password");
    expect(newSecurity("none", former)).toEqual({ type: "none" });
  });

  it("are named on a badge with the grant", () => {
    expect(securityName({ type: "none" })).toBe("No security");
    expect(securityName({ type: "digest", username: "" })).toBe("Digest");
    const oauth2 = newSecurity("oauth2", { type: "none" });
    expect(isOAuth2(oauth2)).toBe(true);
    expect(securityName(oauth2)).toBe("OAuth 2.0: client credentials");
    expect(securityName({ ...oauth2, grantType: "password" })).toBe("OAuth 2.0: password");
  });
});
