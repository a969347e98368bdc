import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRequest, type QuestionForm } from "./request";

const form: QuestionForm = {
  endpoint: "https://idp.test/introspect",
  method: "POST",
  tokenLocation: "form",
  tokenName: "token",
  clientId: "gw",
  credentials: { in: "header", name: "authorization", scheme: "Basic" },
  basicEncoding: "form",
};
/** Text with whatever separates parameters, credentials and header lines. */
const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ unit: fc.constantFrom("&", "=", "+", "%", ":", " ", "#", "?", "é", "€", "a"), minLength: 1 }),
);
const pairs = (encoded: string) => [...new URLSearchParams(encoded)];

describe("an introspection request", () => {
  it("carries token and credentials in the form so that none of their characters adds or changes a parameter", () => {
    fc.assert(
      fc.property(text, text, text, (token, clientId, secret) => {
        const inBody = compileRequest({ ...form, clientId, credentials: { in: "body" } }, secret)(token);
        expect(pairs(inBody.body ?? "")).toEqual([
          ["client_id", clientId],
          ["client_secret", secret],
          ["token", token],
        ]);
        expect(inBody.headers).not.toContain("authorization");
        expect(pairs(compileRequest(form, secret)(token).body ?? "")).toEqual([["token", token]]);
      }),
    );
  });

  it("joins raw credentials as they are, in UTF-8, for servers that do not decode them", () => {
    fc.assert(
      fc.property(text, text, (clientId, secret) => {
        const raw: QuestionForm = {
          ...form,
          clientId,
          basicEncoding: "raw",
          credentials: { in: "header", name: "x-client", scheme: "Basic" },
        };
        const { headers } = compileRequest(raw, secret)("t");
        const value = headers[headers.indexOf("x-client") + 1] ?? "";
        expect(Buffer.from(value.replace("Basic ", ""), "base64")).toEqual(Buffer.from(`${clientId}:${secret}`));
      }),
    );
  });

  it("carries the token in the query after what the endpoint has there, which stays as it was written", () => {
    fc.assert(
      fc.property(text, fc.constantFrom("", "?tenant=a%20b", "?a=1&b=%2F", "?flag"), (token, query) => {
        const { path, body } = compileRequest(
          { ...form, endpoint: form.endpoint + query, tokenLocation: "query", method: "GET" },
          "s",
        )(token);
        const [before, own] = [`/introspect${query}`, path.slice(`/introspect${query}`.length)];
        expect(path.startsWith(before)).toBe(true);
        expect(own.startsWith(query === "" ? "?" : "&")).toBe(true);
        expect(pairs(own.slice(1))).toEqual([["token", token]]);
        expect(path).toMatch(/^[\x21-\x7e]+$/);
        expect(body).toBeNull();
      }),
    );
  });

  it("joins the credentials as RFC 6749, section 2.3.1 has it, so that a colon or an umlaut is read as it was meant", () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom("Basic", "Custom"), (clientId, secret, scheme) => {
        const { headers } = compileRequest({ ...form, clientId, credentials: { in: "header", name: "x-client", scheme } }, secret)("t");
        const value = headers[headers.indexOf("x-client") + 1] ?? "";
        expect(value.startsWith(`${scheme} `)).toBe(true);
        const decoded = Buffer.from(value.slice(scheme.length + 1), "base64").toString();
        expect(decoded).toMatch(/^[\x21-\x7e]+$/);
        expect(decoded.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")))).toEqual([clientId, secret]);
      }),
    );
  });

  it("has the token in a header of its own where that is asked for, and nowhere else", () => {
    const request = compileRequest({ ...form, tokenLocation: "header", tokenName: "X-Token" }, "s");
    expect(request("one")).toMatchObject({ path: "/introspect", body: "" });
    // One request's token is not left for the next.
    expect(request("two").headers.filter((_, index, all) => all[index - 1] === "X-Token")).toEqual(["two"]);
  });
});
