import { expect, it } from "vitest";
import { storedDefinitionSchema } from "@/lib/definition/schema";
import { createGateway } from "../gateway";
import { registry } from "../schemas";
import { definition, deployed, testOptions, testPorts } from "../testing/fixtures";
import { parseDefinition } from "./parse-definition";
import { Pauses } from "./pauses";

const flow = (index: number, steps = 20) => ({
  name: `Flow ${index}`,
  match: { path: `/area${index}/:id`, methods: ["GET"] },
  request: [
    { policy: "oauth2", config: { resource: "own", requiredScopes: [`scope:${index}`] } },
    ...Array.from({ length: steps }, (_, step) => ({
      policy: "transform-headers",
      config: { set: Array.from({ length: 5 }, (__, name) => ({ name: `x-${step}-${name}`, value: `value ${index} of a header field` })) },
    })),
  ],
});
const large = (flows: unknown[]) => ({
  endpoints: { production: { url: "http://127.0.0.1:9" } },
  resources: [{ name: "own", type: "oauth2-builtin", config: {} }],
  flows,
});

it("other requests are answered while a large definition is compiled", async () => {
  const gateway = createGateway(testPorts(), testOptions);
  const input = deployed(large(Array.from({ length: 200 }, (_, index) => flow(index))));
  let isOver = false;
  const replaced = gateway.replace([input]).then((problems) => {
    isOver = true;
    return problems;
  });
  let answered = 0;
  const { Caller } = await import("../http/caller");
  while (!isOver) {
    const answer = await gateway.handle({
      method: "GET",
      target: "/other",
      rawHeaders: ["host", "a"],
      body: null,
      peerAddress: "::1",
      caller: new Caller(),
    });
    expect(answer.status).toBe(404);
    answered += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await replaced).toEqual([]);
  expect(gateway.running()).toEqual([{ apiId: "api_1", deploymentNumber: input.deploymentNumber }]);
  // Compiled in one piece, it would be one or two.
  expect(answered).toBeGreaterThan(4);
  await gateway.close();
});

it("a definition that is checked in pieces comes to the same as one that is checked whole", async () => {
  const whole = definition({ ...large(Array.from({ length: 50 }, (_, index) => flow(index, 2))) });
  expect(await parseDefinition(whole, new Pauses())).toEqual(storedDefinitionSchema(registry).parse(whole));
});

it.each([
  [
    "an unknown resource in the last flow",
    (flows: object[]) => [...flows, { request: [{ policy: "oauth2", config: { resource: "none" } }] }],
    /^flows\[30\]\.request\[0\]\.config\.resource: /,
  ],
  ["an unknown key", (flows: object[]) => [...flows, { wrong: 1 }, ...flows], /^flows\[30\]/],
  ["too many flows", (flows: object[]) => Array.from({ length: 7 }, () => flows).flat(), /^flows: An API has at most 200 flows\./],
])("%s is named at its place", async (_, change, message) => {
  const whole = definition(large(Array.from({ length: 30 }, (__, index) => flow(index, 1))));
  await expect(parseDefinition({ ...whole, flows: change(whole.flows) }, new Pauses())).rejects.toThrow(message);
});

it("what is handed over last is served, however long the one before takes", async () => {
  const gateway = createGateway(testPorts(), testOptions);
  const first = gateway.replace([deployed(large(Array.from({ length: 100 }, (_, index) => flow(index))))]);
  const last = deployed(large([]), {}, "api_2");
  await Promise.all([first, gateway.replace([last])]);
  expect(gateway.running()).toEqual([{ apiId: "api_2", deploymentNumber: last.deploymentNumber }]);
  await gateway.close();
});

it("a gateway that is closed meanwhile serves nothing afterwards", async () => {
  const gateway = createGateway(testPorts(), testOptions);
  const replaced = gateway.replace([deployed(large(Array.from({ length: 100 }, (_, index) => flow(index))))]);
  await gateway.close();
  await replaced;
  expect(gateway.running()).toEqual([]);
});
