import { expect, it } from "vitest";
import { claimRules, verifiedToken } from "./claims";

const rules = claimRules({ userClaim: "sub", environmentClaim: "e", sandboxValue: "s", scopeSeparator: " ", audiences: [] });
const judged = (claims: Record<string, unknown>) => {
  const token = verifiedToken(claims, rules, 0);
  return typeof token === "string" ? token : { boundTo: token.boundTo };
};
const cnf = { jkt: "A".repeat(43) };

it.each([
  undefined,
  null,
  "",
  "Bearer",
  "bearer ",
  "access_token",
  "BearerToken",
  "urn:ietf:params:oauth:token-type:access_token",
  "urn:ietf:params:oauth:token-type:jwt",
  "JWT",
  "at+jwt",
  "user",
  ["Bearer"],
  7,
])("a bearer token of the type %j passes", (type) => {
  expect(judged({ token_type: type })).toEqual({ boundTo: null });
});

it.each([
  "DPoP",
  "dpop",
  "DPoP ",
  "DPoP\u0000",
  "d-pop",
  "Bearer, DPoP",
  ["DPoP"],
  [["Bearer"], "dpop"],
  { v: "DPoP" },
  { DPoP: true },
  "PoP",
])("a token of the type %j passes only with the key that it is bound to", (type) => {
  expect(judged({ token_type: type })).toMatch(/bound to something/);
  expect(judged({ token_type: type, cnf })).toEqual({ boundTo: cnf.jkt });
});

it.each([
  ["token_type", "mac"],
  ["token_type", "MAC"],
  ["token_type", "N_A"],
  ["token_type", "refresh_token"],
  ["token_type", "urn:ietf:params:oauth:token-type:refresh_token"],
  ["token_type", "urn:ietf:params:oauth:token-type:id_token"],
  ["token_type", ["id_token"]],
  ["token_use", "refresh"],
  ["token_use", "id"],
  ["typ", "Refresh"],
  ["typ", "Offline"],
  ["typ", "ID"],
])("a token whose %s is %j is no access token, bound to a key or not", (claim, kind) => {
  for (const more of [{}, { cnf }]) expect(judged({ [claim]: kind, ...more })).toMatch(new RegExp(`no access token: its ${claim} is`));
});

it.each([
  ["token_use", "access"],
  ["token_use", "access_token"],
  ["typ", "Bearer"],
  ["typ", "JWT"],
])("a token whose %s is %j passes", (claim, kind) => {
  expect(judged({ [claim]: kind })).toEqual({ boundTo: null });
});
