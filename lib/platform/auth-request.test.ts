import { NextRequest } from "next/server";
import { expect, test } from "vitest";
import { authRequest, ownUrl } from "./auth-request";

const ORIGIN = "http://localhost:3000";
const FORM = "application/x-www-form-urlencoded";

/** The status of a rejected request, or the request that next-auth gets. */
async function passed(method: string, path: string, init: RequestInit = {}): Promise<number | { url: string; body: string }> {
  const [name = ""] = path.split("?");
  const checked = await authRequest(new Request(`${ORIGIN}/api/auth/${path}`, { method, ...init }), name, ORIGIN);
  return checked instanceof NextRequest ? { url: checked.url, body: await checked.text() } : checked.status;
}
const post = (path: string, type: string, body: string | ReadableStream) =>
  passed("POST", path, { body, headers: { "content-type": type }, duplex: "half" } as RequestInit);

test("only the paths and methods in use reach next-auth", async () => {
  for (const path of ["csrf", "session", "providers", "signin", "signout", "error"]) {
    expect(await passed("GET", path)).toMatchObject({ body: "" });
    expect(await passed("HEAD", path)).toMatchObject({ body: "" });
  }
  for (const path of ["", "Session", "session/x", "signin/credentials", "callback/x", "callback/__proto__", "__proto__", "verify-request"])
    expect([path, await passed("GET", path)]).toEqual([path, 404]);
  expect(await passed("GET", "callback/credentials")).toBe(405);
  for (const path of ["csrf", "providers", "error", "signin"]) expect([path, await post(path, FORM, "a=b")]).toEqual([path, 405]);
});

test("clients can't write log lines, and the body of that path isn't read", async () => {
  expect(await post("_log", "application/json", '{"code":"JWT_SESSION_ERROR","level":"error"}')).toBe(204);
});

test("a body is a small form, or JSON with text", async () => {
  const path = "callback/credentials";
  expect(await post(path, FORM, "email=a%40b&password=c+d")).toMatchObject({ body: "email=a%40b&password=c+d" });
  expect(await post(path, "application/json; charset=utf-8", '{"email":"a@b","password":5,"more":{"a":1}}')).toMatchObject({
    body: "email=a%40b",
  });
  for (const text of ["null", "[]", '"x"', "5"]) expect(await post(path, "application/json", text)).toMatchObject({ body: "" });
  for (const text of ["{", "", "\ufffd"]) expect(await post(path, "application/json", text)).toBe(400);
  for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/jsonx"]) expect(await post(path, type, "{}")).toBe(415);
});

test("a large body is rejected before it's read completely", async () => {
  for (const path of ["callback/credentials", "session", "signout"]) expect(await post(path, FORM, `a=${"x".repeat(64 * 1024)}`)).toBe(413);
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(16 * 1024));
    },
  });
  expect(await post("callback/credentials", FORM, endless)).toBe(413);
  expect(sent).toBeLessThan(20);
});

const FOREIGN = [
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "\\\\evil.example",
  "https://evil.example",
  `${ORIGIN}.evil.example`,
  `${ORIGIN}@evil.example`,
  "javascript:alert(1)",
  "data:text/html,x",
  "http://[",
  "apis",
  "\0",
  "",
  "http://localhost:3001/",
];

test("a callbackUrl is same-origin or removed", async () => {
  for (const url of FOREIGN) {
    expect([url, ownUrl(url, ORIGIN)]).toEqual([url, null]);
    expect(await passed("GET", `signin?callbackUrl=${encodeURIComponent(url)}&error=x`)).toMatchObject({
      url: `${ORIGIN}/api/auth/signin?error=x`,
    });
  }
  expect(ownUrl("/apis?tab=1", ORIGIN)).toBe(`${ORIGIN}/apis?tab=1`);
  expect(ownUrl(`${ORIGIN}/\r\nset-cookie: a=b`, ORIGIN)).toBe(`${ORIGIN}/set-cookie:%20a=b`);
  expect(await passed("GET", "signin?callbackUrl=%2Fapis")).toMatchObject({
    url: `${ORIGIN}/api/auth/signin?callbackUrl=${encodeURIComponent(`${ORIGIN}/apis`)}`,
  });
});
