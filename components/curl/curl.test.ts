import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curlCommand } from "./curl";

/** What a real shell hands to curl. */
function argumentsOf(command: string, variables: Record<string, string> = {}): string[] {
  const output = execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: "utf8",
    env: { ...process.env, ...variables },
  });
  return output.split("\0").slice(0, -1);
}

const url = "http://localhost:3000/gateway/echo/items?x=1&y=2";

describe("a curl command", () => {
  it("hands curl the method, the URL, every header and the body as they were", () => {
    const value = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        value,
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => !text.includes("\0")),
        (header, body) => {
          const command = curlCommand({
            method: "POST",
            url,
            headers: [
              ["X-Test", header],
              ["Content-Type", "text/plain"],
            ],
            body,
          });
          expect(argumentsOf(command)).toEqual([
            "-i",
            url,
            "-H",
            `X-Test: ${header}`,
            "-H",
            "Content-Type: text/plain",
            "--data-raw",
            body,
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("keeps the token out unless it is asked for", () => {
    const call = { method: "GET", url, headers: [["authorization", "Bearer abc.def"]] as const };
    expect(curlCommand(call)).not.toContain("abc.def");
    expect(argumentsOf(curlCommand(call), { TOKEN: "from the environment" })).toContain("authorization: Bearer from the environment");
    expect(argumentsOf(curlCommand(call, { withCredentials: true }))).toContain("authorization: Bearer abc.def");
  });

  it("keeps credentials of any other scheme out too, and a scheme cannot run a command", () => {
    expect(curlCommand({ method: "GET", url, headers: [["Authorization", "Basic dXNlcjpwYXNz"]] })).not.toContain("dXNlcjpwYXNz");
    expect(argumentsOf(curlCommand({ method: "GET", url, headers: [["Authorization", "$(id) x"]] }), { TOKEN: "t" })).toContain(
      "Authorization: t",
    );
  });

  it("says HEAD in a way that does not wait for a body", () => {
    expect(argumentsOf(curlCommand({ method: "HEAD", url }))).toEqual(["-i", "--head", url]);
  });

  it("sends an empty header empty, instead of removing it", () => {
    expect(argumentsOf(curlCommand({ method: "GET", url, headers: [["X-Empty", ""]] }))).toContain("X-Empty;");
  });

  it("sends no content type of its own with a body that has none", () => {
    expect(argumentsOf(curlCommand({ method: "PUT", url, body: "x" }))).toEqual([
      "-i",
      "-X",
      "PUT",
      url,
      "-H",
      "Content-Type:",
      "--data-raw",
      "x",
    ]);
  });

  it("sends brackets and dot segments of the URL as they are", () => {
    expect(argumentsOf(curlCommand({ method: "GET", url: "http://localhost/a/../b?x[]=1" }))).toEqual([
      "-i",
      "--globoff",
      "--path-as-is",
      "http://localhost/a/../b?x[]=1",
    ]);
  });

  it("takes the client's id from the environment when it is not given", () => {
    expect(argumentsOf(curlCommand({ method: "GET", url, user: {} }), { CLIENT_ID: "i d", CLIENT_SECRET: "s$1" })).toEqual([
      "-i",
      url,
      "-u",
      "i d:s$1",
    ]);
  });

  it("takes the client secret from the environment when it is not given", () => {
    const call = {
      method: "POST",
      url,
      form: [
        ["grant_type", "client_credentials"],
        ["scope", "a b"],
      ] as const,
    };
    expect(argumentsOf(curlCommand({ ...call, user: { name: "client" } }), { CLIENT_SECRET: "s3cret" })).toEqual([
      "-i",
      url,
      "-u",
      "client:s3cret",
      "--data-urlencode",
      "grant_type=client_credentials",
      "--data-urlencode",
      "scope=a b",
    ]);
    expect(argumentsOf(curlCommand({ ...call, user: { name: "client", password: "known" } }))).toContain("client:known");
  });
});
