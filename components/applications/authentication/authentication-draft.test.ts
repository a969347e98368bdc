import { describe, expect, it } from "vitest";
import { authenticationBody, authenticationDraft, isAuthenticationProblem, newAuthentication, readKeySet } from "./authentication-draft";

const key = { kty: "EC", crv: "P-256", x: "x", y: "y" };

describe("a pasted key set", () => {
  it("is taken as it is, and a single key as a set of one", () => {
    expect(readKeySet(JSON.stringify({ keys: [key] }))).toEqual({ keySet: { keys: [key] } });
    expect(readKeySet(JSON.stringify(key))).toEqual({ keySet: { keys: [key] } });
  });

  it.each([
    ["", /^Paste the application's public keys/],
    ["-----BEGIN PUBLIC KEY-----", /^These are PEM keys/],
    ["{", /^Invalid JSON/],
    ["[]", /^Expected an object/],
    ['{"keys": {}}', /^Expected an object/],
    ['{"keys": [1]}', /^Each key must be an object/],
  ])("is refused with a reason: %s", (text, reason) => {
    expect(readKeySet(text)).toEqual({ problem: expect.stringMatching(reason) });
  });
});

describe("what is sent of an application's authentication", () => {
  it("has keys with private_key_jwt only, from the place that was chosen", () => {
    const draft = { ...newAuthentication, keysText: JSON.stringify({ keys: [key] }), keysUrl: "https://client.example/jwks.json " };
    expect(authenticationBody(draft)).toEqual({ body: { authentication: "client_secret", jwks: null, jwksUri: null } });
    expect(authenticationBody({ ...draft, method: "private_key_jwt" })).toEqual({
      body: { authentication: "private_key_jwt", jwks: { keys: [key] }, jwksUri: null },
    });
    expect(authenticationBody({ ...draft, method: "private_key_jwt", keysFrom: "url" })).toEqual({
      body: { authentication: "private_key_jwt", jwks: null, jwksUri: "https://client.example/jwks.json" },
    });
  });

  it("says at its field what is missing", () => {
    const draft = { ...newAuthentication, method: "private_key_jwt" as const };
    expect(authenticationBody(draft)).toEqual({ problems: [{ path: "jwks", message: expect.any(String) }] });
    expect(authenticationBody({ ...draft, keysFrom: "url" })).toEqual({ problems: [{ path: "jwksUri", message: expect.any(String) }] });
  });

  it("comes back from what an application has", () => {
    const body = { authentication: "private_key_jwt" as const, jwks: { keys: [key] }, jwksUri: null };
    expect(authenticationBody(authenticationDraft(body))).toEqual({ body });
  });
});

describe("the problems of the authentication", () => {
  it("are those at its own fields", () => {
    const at = (path: string) => isAuthenticationProblem({ path, message: "" });
    expect(["authentication", "jwks", "jwks.keys[0].d", "jwksUri"].every(at)).toBe(true);
    expect(["name", "scopes[0]", "jwksUrl"].some(at)).toBe(false);
  });
});
