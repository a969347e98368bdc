import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFormRequest } from "./form-request";
import { OAuthError } from "./oauth-error";

const FORM = "application/x-www-form-urlencoded";
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
const request = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, query = "") =>
  new Request(`http://localhost/v1/token${query}`, { method: "POST", headers: { "content-type": FORM, ...headers }, body });

describe("a form request", () => {
  test("keeps every unique parameter with a value, whatever its characters", async () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" })), {
      selector: ([name]) => name.normalize("NFC"),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(entries, async (given) => {
        fc.pre(!given.some(([name]) => ["client_secret", "client_assertion", "resource"].includes(name)));
        const { body } = await readFormRequest(request(new URLSearchParams(given).toString(), { authorization: basic("a", "b") }));
        expect([...new URLSearchParams(body)]).toEqual(given.filter(([, value]) => value.trim() !== ""));
      }),
    );
  });

  test.each(["scope=", "scope=+", "scope=%20%09", "scope=&scope=", "scope=&resource=&x=%0A"])(
    "treats a parameter without a value as left out: %s",
    async (blank) => {
      const authorization = basic("a", "b");
      const { body } = await readFormRequest(request(`grant_type=client_credentials&${blank}`, { authorization }));
      expect(body).toBe("grant_type=client_credentials");
      const { body: given } = await readFormRequest(request(`${blank}&scope=read&grant_type=x`, { authorization }));
      expect(new URLSearchParams(given).get("scope")).toBe("read");
    },
  );

  test("treats a blank client ID, secret or assertion as absent", async () => {
    for (const body of ["client_id=+&client_secret=s", "client_id=a&client_secret=+", "client_assertion=+&client_id=a"])
      await expect(readFormRequest(request(body))).rejects.toMatchObject({ status: 401 });
    await expect(readFormRequest(request("client_id=a&client_secret=s&client_assertion=+"))).resolves.toMatchObject({ clientId: "a" });
  });

  test("accepts any form-encoded client ID and secret in Basic", async () => {
    const part = fc.string({ unit: "grapheme-ascii", minLength: 1 });
    await fc.assert(
      fc.asyncProperty(part, part, async (id, secret) => {
        const authorization = basic(id, secret);
        expect(await readFormRequest(request("", { authorization }))).toMatchObject({ authorization, clientId: id });
      }),
    );
  });

  test("is parsed or rejected with an OAuth error, for any bytes and headers", async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array));
    const header = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
    await fc.assert(
      fc.asyncProperty(bytes, header, header, async (body, authorization, type) => {
        const outcome = await readFormRequest(request(body, { authorization, "content-type": type || FORM })).catch(
          (error: unknown) => error,
        );
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OAuthError);
      }),
    );
  });

  test("is rejected as soon as a body without Content-Length is too large", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024;
        controller.enqueue(new Uint8Array(1024).fill(0x61));
      },
    });
    const init = { method: "POST", headers: { "content-type": FORM, authorization: basic("a", "b") }, body: endless, duplex: "half" };
    await expect(readFormRequest(new Request("http://localhost/v1/token", init))).rejects.toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(256 * 1024);
  });

  test.each([
    ["Basic and a secret", "client_secret=x", { authorization: basic("a", "b") }],
    ["Basic and an assertion", "client_assertion=x", { authorization: basic("a", "b") }],
    ["a secret and an assertion", "client_id=a&client_secret=x&client_assertion=x", {}],
  ])("that authenticates by %s is refused before either is looked at", async (_what, body, headers) => {
    await expect(readFormRequest(request(body, headers))).rejects.toMatchObject({ status: 400, error: "invalid_request" });
  });

  test.each([
    ["nothing", "client_id=a", {}],
    ["a secret without a client", "client_secret=x", {}],
    ["an assertion that is no JWT", "client_assertion=x", {}],
    ["an assertion without a subject", "client_assertion=eyJhbGciOiJub25lIn0.e30.", {}],
    ["Basic with broken base64", "", { authorization: "Basic a" }],
    ["Basic with characters that no secret has", "", { authorization: basic("a", "\u00e9") }],
    ["two Basic headers", "", { authorization: `${basic("a", "b")}, ${basic("a", "b")}` }],
  ])("that authenticates by %s is no authentication", async (_what, body, headers) => {
    await expect(readFormRequest(request(body, headers))).rejects.toMatchObject({ status: 401, error: "invalid_client" });
  });

  test("with thousands of parameters is rejected immediately", async () => {
    const many = Array.from({ length: 5000 }, (_, index) => `p${index}=`).join("&");
    await expect(readFormRequest(request(many, { authorization: basic("a", "b") }))).rejects.toMatchObject({ status: 400 });
  });

  test("may have unrelated parameters in the URL", async () => {
    expect(await readFormRequest(request("a=b", { authorization: basic("a", "b") }, "?trace=1"))).toMatchObject({ body: "a=b" });
  });
});
