import { describe, expect, it } from "vitest";
import { tokenCommand } from "./token-command";

const request = { tokenEndpoint: "http://localhost:3000/oauth2/default/v1/token", clientId: "client_1" };

describe("the command that gets a token", () => {
  it("asks for the scopes in one parameter", () => {
    expect(tokenCommand({ ...request, clientSecret: "s-1", scopes: ["a", "b"] })).toBe(
      [
        "curl -i http://localhost:3000/oauth2/default/v1/token",
        "-u client_1:s-1",
        "--data-urlencode grant_type=client_credentials",
        "--data-urlencode 'scope=a b'",
      ]
        .join(" \\\n  ")
        .replaceAll("grant_type=client_credentials", "'grant_type=client_credentials'"),
    );
  });

  it("leaves the scope out when none is wanted, and the secret to the environment when it is not known", () => {
    const command = tokenCommand({ ...request, scopes: [] });
    expect(command).not.toContain("scope");
    expect(command).toContain('-u client_1:"$CLIENT_SECRET"');
  });

  it("sends the secret in the body where the application does that only", () => {
    const command = tokenCommand({ ...request, scopes: [], authentication: "client_secret_post" });
    expect(command).not.toContain("-u ");
    expect(command).toContain("--data-urlencode 'client_id=client_1'");
    expect(command).toContain('--data-urlencode "client_secret=$CLIENT_SECRET"');
  });

  it("leaves the assertion and the proof to the environment: only the program can sign them", () => {
    const command = tokenCommand({ ...request, scopes: [], authentication: "private_key_jwt", dpopBound: true });
    expect(command).not.toContain("-u ");
    expect(command).toContain("client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    expect(command).toContain('--data-urlencode "client_assertion=$CLIENT_ASSERTION"');
    expect(command).toContain('-H "DPoP: $DPOP_PROOF"');
  });
});
