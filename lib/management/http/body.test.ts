import { expect, test } from "vitest";
import { ManagementError } from "../errors";
import { readJson, readText } from "./body";

const request = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  new Request("https://console.example/api/v1/apis", { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

const failureOf = async (reading: Promise<unknown>): Promise<ManagementError> => {
  const outcome: unknown = await reading.catch((error: unknown) => error);
  if (outcome instanceof ManagementError) return outcome;
  throw new Error(`It was read: ${JSON.stringify(outcome)}`);
};

test("a body is one JSON object, and nothing else", async () => {
  expect(await readJson(request('{"a":[{"b":1},{"b":2}]}'))).toEqual({ a: [{ b: 1 }, { b: 2 }] });
  expect(await readJson(request(" "))).toEqual({});
  for (const text of ["[]", "null", "1", '"text"', "{", '{"a":1}{}'])
    expect((await failureOf(readJson(request(text)))).status, text).toBe(400);
});

test("a duplicate key is an error at its path, because parsers silently use one of them", async () => {
  for (const [text, path] of [
    ['{"enabled":true,"enabled":false}', "enabled"],
    ['{"flows":[{"enabled":true,"\\u0065nabled":false}]}', "flows[0].enabled"],
  ] as const)
    expect((await failureOf(readJson(request(text)))).errors).toMatchObject([{ path }]);
});

test("a body is JSON by its type, uncoded, UTF-8, and not too large", async () => {
  expect((await failureOf(readJson(request("{}", { "content-type": "text/plain" })))).status).toBe(415);
  expect((await failureOf(readJson(request("{}", { "content-encoding": "gzip" })))).status).toBe(415);
  expect((await failureOf(readJson(request(new Uint8Array([0x7b, 0xff, 0x7d]))))).status).toBe(400);
  expect((await failureOf(readText(request("x".repeat(2000)), 1000))).status).toBe(413);
});
