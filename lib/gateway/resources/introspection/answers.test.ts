import { afterAll, beforeAll, expect, it } from "vitest";
import { testOutbound, testPorts } from "../../testing/fixtures";
import { type IntrospectionServer, startIntrospection } from "../../testing/introspection-server";
import { createConnections } from "../../upstream/connections";
import type { TokenChecker } from "../contract";
import { MAX_INTROSPECTION_BYTES } from "../limits";
import { graviteeAmResource } from "../oauth2-gravitee-am/resource";
import { introspectionResource } from "../oauth2-introspection/resource";

let server: IntrospectionServer;
let checkers: TokenChecker[];

beforeAll(async () => {
  server = await startIntrospection();
  const context = {
    ports: testPorts(),
    connections: createConnections(testOutbound),
    resourceUri: "http://gateway.test/gateway/orders",
    keepsClaims: false,
    secret: () => ({ value: "secret", version: "1" }),
  };
  checkers = [
    introspectionResource.compile({ introspectionEndpoint: `${server.origin}/introspect`, clientId: "gw", cacheTtlSeconds: 0 }, context),
    graviteeAmResource.compile({ serverUrl: server.origin, securityDomain: "shop", clientId: "gw", cacheTtlSeconds: 0 }, context),
  ];
});
afterAll(async () => {
  for (const checker of checkers) checker.release();
  await server.close();
});

const outcomes = async (body: string, status = 200) => {
  server.override = { status, body };
  const checks = await Promise.all(checkers.map((checker) => checker.check("token")));
  return [...new Set(checks.map((check) => check.outcome))];
};

it.each([
  '{"active":true,"active":true}',
  '{"active":true,"active":false}',
  '{"active":false,"active":true}',
  '{"active":false,"\\u0061ctive":true}',
  '{"active":true,"exp":1,"exp":9999999999}',
  `{"active":true,"cnf":{"jkt":"${"A".repeat(43)}"},"cnf":null}`,
  '{"active":true,"realm_access":{"roles":["a"],"roles":["admin"]}}',
])("%s is no answer, because parsers differ in which member counts", async (body) => {
  expect(await outcomes(body)).toEqual(["invalidResponse"]);
});

it("members of the same name in different objects are no duplicates", async () => {
  expect(await outcomes('{"active":true,"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}],"d":"active"}')).toEqual(["active"]);
});

it("a part of an answer is no answer", async () => {
  expect(await outcomes('{"active":true}', 206)).toEqual(["invalidResponse"]);
  expect(await outcomes('{"active":true}', 203)).toEqual(["active"]);
});

it("an answer is read up to its limit and not beyond", async () => {
  const sized = (bytes: number) => `{"active":true,"x":"${"y".repeat(bytes - 22)}"}`;
  expect(sized(100)).toHaveLength(100);
  expect(await outcomes(sized(MAX_INTROSPECTION_BYTES))).toEqual(["active"]);
  expect(await outcomes(sized(MAX_INTROSPECTION_BYTES + 1))).toEqual(["invalidResponse"]);
});
