import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { RESOURCES_MAX } from "@/lib/authorization-server/api-resources";
import { FORM_BYTES_MAX } from "@/lib/authorization-server/form-request";
import { CLAIM_BYTES_MAX, CLAIMS_BYTES_MAX } from "@/lib/authorization-server/rules/claims";
import { SCOPES_MAX } from "@/lib/authorization-server/rules/decide";
import { OPENAPI_BYTES_MAX } from "@/lib/definition/openapi";
import { definitionJsonSchema } from "@/lib/definition/schema";
import { MAX_HEADER_BYTES } from "@/lib/gateway/adapters/client-errors";
import { connectionLimits } from "@/lib/gateway/adapters/connection-limits";
import { PIPELINED_MAX } from "@/lib/gateway/adapters/pipelined";
import { MAX_LIFETIME_MS, UNSTATED_LIFETIME_MS } from "@/lib/gateway/endpoint-security/token-answer";
import { MAX_ANSWER_BYTES } from "@/lib/gateway/endpoint-security/token-request";
import { COOKIE_BYTES_MAX, COOKIES_BYTES_MAX, COOKIES_MAX } from "@/lib/gateway/http/cookie-map";
import { MIN_BYTES_PER_SECOND } from "@/lib/gateway/http/request-body";
import {
  MAX_CONNECTIONS as INTROSPECTIONS,
  MAX_CONNECTIONS_OF_CLIENT as INTROSPECTIONS_OF_CLIENT,
} from "@/lib/gateway/resources/introspection/checker";
import { MAX_INTROSPECTION_BYTES, MAX_RESPONSE_BYTES } from "@/lib/gateway/resources/limits";
import { INVALID_TOKENS_BYTES, MAX_TOKEN_LENGTH, MAX_UNDER_WAY_OF_CLIENT, VALID_TOKENS_BYTES } from "@/lib/gateway/resources/token-cache";
import { registry } from "@/lib/gateway/schemas";
import { BACKEND_HEADER_BYTES_MAX } from "@/lib/gateway/upstream/backend-upgrade";
import { MAX_CONNECTIONS } from "@/lib/gateway/upstream/upstream";
import { PROBLEMS_MAX } from "@/lib/management/errors";
import { BODY_BYTES_MAX } from "@/lib/management/http/body";

const lines = readFileSync("docs/reference.md", "utf8").split("\n");

/** The cells of the one row that starts with a text. */
function row(start: string): string[] {
  const found = lines.filter((line) => line.startsWith(`| ${start}`));
  expect(found).toHaveLength(1);
  return (found[0] ?? "").split("|").map((cell) => cell.trim());
}

const kilobytes = (bytes: number) => `${bytes / 1024} KB`;
const megabytes = (bytes: number) => `${bytes / 1024 / 1024} MB`;

describe("docs/reference.md", () => {
  it.each([
    ["header fields of a request", kilobytes(MAX_HEADER_BYTES)],
    ["rate of a request body", `${MIN_BYTES_PER_SECOND} bytes/s`],
    ["client connections, per data plane process", `half of the process's file descriptors`],
    ["connections of one client address", connectionLimits(Number.MAX_SAFE_INTEGER).perAddress.toLocaleString("en")],
    ["new connection on which nothing is sent", `${connectionLimits(1000).silentMs / 1000} s`],
    ["access token", kilobytes(MAX_TOKEN_LENGTH)],
    ["header fields of a backend's response", kilobytes(BACKEND_HEADER_BYTES_MAX)],
    ["cookies of a backend's response", `${COOKIES_MAX}, ${kilobytes(COOKIE_BYTES_MAX)} each, ${kilobytes(COOKIES_BYTES_MAX)} in total`],
    ["response of an authorization server", kilobytes(MAX_RESPONSE_BYTES)],
    ["connections to an introspection endpoint", `${INTROSPECTIONS}, of one client ${INTROSPECTIONS_OF_CLIENT}`],
    ["tokens being checked", `of one client ${MAX_UNDER_WAY_OF_CLIENT.toLocaleString("en")}`],
    ["pipelined requests of a connection", `${PIPELINED_MAX} at a time`],
    ["introspection response", kilobytes(MAX_INTROSPECTION_BYTES)],
    ["cached valid tokens", megabytes(VALID_TOKENS_BYTES)],
    ["cached valid tokens", megabytes(INVALID_TOKENS_BYTES)],
    ["lifetime without a numeric `expires_in`", `${UNSTATED_LIFETIME_MS / 60_000} minutes`],
    ["lifetime |", `at most ${MAX_LIFETIME_MS / 86_400_000} day`],
    ["response of a token endpoint", kilobytes(MAX_ANSWER_BYTES)],
    ["scopes of a token", `${SCOPES_MAX},`],
    ["a claim; all claims of a server in a token", kilobytes(CLAIM_BYTES_MAX)],
    ["a claim; all claims of a server in a token", kilobytes(CLAIMS_BYTES_MAX)],
    ["form of a request", kilobytes(FORM_BYTES_MAX)],
    ["`resource` parameters of a token request", String(RESOURCES_MAX)],
    ["a request body |", megabytes(BODY_BYTES_MAX)],
    ["a request body |", megabytes(OPENAPI_BYTES_MAX)],
    ["`errors` in a response", `the first ${PROBLEMS_MAX}`],
  ])("has the limit of the source in the row %s: %s", (start, limit) => {
    expect(row(start)[2]).toContain(limit);
  });

  const endpoint = z.object({
    properties: z.object({
      endpoints: z.object({
        properties: z.object({
          production: z.object({
            properties: z.record(z.string(), z.object({ minimum: z.number().optional(), maximum: z.number().optional() })),
          }),
        }),
      }),
    }),
  });

  it.each(["timeoutMs", "connectTimeoutMs", "idleTimeoutMs", "totalTimeoutMs", "maxConnections"])(
    "has the range of an endpoint's %s",
    (field) => {
      const fields = endpoint.parse(definitionJsonSchema(registry)).properties.endpoints.properties.production.properties;
      const { minimum, maximum } = fields[field] ?? {};
      expect(row(`\`${field}\`:`)[3]).toBe(`${minimum} to ${maximum?.toLocaleString("en")}`);
    },
  );

  it("has the default of maxConnections", () => {
    expect(row("`maxConnections`:")[2]).toBe(String(MAX_CONNECTIONS));
  });
});
