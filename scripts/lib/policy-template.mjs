/** `rate-limit` as `rateLimit`. */
const camel = (id) => id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** `rate-limit` as `Rate limit`. */
const title = (id) => {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** `rate-limit` as `RATE_LIMIT`. */
const constant = (id) => id.replaceAll("-", "_").toUpperCase();

const schema = (id) => `import { z } from "zod";
import { describePolicy } from "@/lib/definition/describe-policy";
import { headerName, secretField } from "@/lib/definition/field-rules";

export const ${camel(id)}ConfigSchema = z.strictObject({
  header: headerName({ title: "Header", description: "The request header that carries the key." }).default("x-api-key"),
  key: secretField({ title: "Key", description: "What the header must hold.", required: true, sentTo: [] }),
});

export const ${camel(id)}Descriptor = describePolicy({
  id: "${id}",
  title: "${title(id)}",
  summary: "Lets a request pass only with a key in a header.",
  help: "Put it first in a flow that only clients with the key may call. The backend does not get the header.",
  category: "security",
  phases: ["request"],
  schema: ${camel(id)}ConfigSchema,
  examples: [{ title: "A key in x-api-key", config: { header: "x-api-key" } }],
  sentence: ({ header = "a header" }) => \`Require a key in \${header}\`,
  requires: ({ header = "a header" }) => [{ kind: "credential", name: \`a key in \${header}\` }],
});
`;

const handler = (id) => `import { createHash, timingSafeEqual } from "node:crypto";
import { foldHeaderName } from "@/lib/definition/header-names";
import { firstHeader, removeHeader } from "../../http/headers";
import type { Policy } from "../contract";
import { ${camel(id)}ConfigSchema, ${camel(id)}Descriptor } from "./schema";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Lets a call pass only when a header holds the step's key. */
export const ${camel(id)}Policy: Policy = {
  descriptor: ${camel(id)}Descriptor,
  compile(config, context) {
    const { header } = ${camel(id)}ConfigSchema.parse(config);
    const [name, folded, expected] = [header.toLowerCase(), foldHeaderName(header), digest(context.secret("key") ?? "")];
    return {
      request: function requireKey(exchange) {
        const sent = firstHeader(exchange.requestHeaders, name);
        if (sent === null) return { code: "${constant(id)}_DENIED", reason: \`The request has no \${name} header.\` };
        // Digests are equally long, and comparing them takes equally long.
        if (!timingSafeEqual(digest(sent), expected)) return { code: "${constant(id)}_DENIED", reason: \`The \${name} header holds another key.\` };
        removeHeader(exchange.requestHeaders, folded);
        exchange.explain?.(\`The \${name} header holds the key.\`);
        return undefined;
      },
    };
  },
};
`;

const errors = (id) => `import type { PolicyErrors } from "../policy-errors";

export const ${camel(id)}Errors = {
  ${constant(id)}_DENIED: {
    status: 403,
    message: "The request has no valid key",
    words: "The key is missing, or it is not the one of the step.",
  },
} as const satisfies PolicyErrors;
`;

const test = (id) => `import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed } from "../../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../../testing/harness";
import { startBackend } from "../../testing/servers";

describe.each(ADAPTERS)("${id}, behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;

  beforeAll(async () => {
    [gateway, backend] = await Promise.all([startGateway(adapter), startBackend()]);
    const flows = [{ request: [{ policy: "${id}", config: {} }] }];
    const secrets = { "flows/0/request/0/key": "s3cret" };
    expect(await gateway.gateway.replace([deployed({ endpoints: { production: { url: backend.origin } }, flows }, secrets)])).toEqual([]);
  });
  afterAll(() => Promise.all([gateway.close(), backend.close()]));

  it("passes a request with the key, which the backend does not get", async () => {
    expect((await gateway.call("/orders", { headers: ["X-Api-Key", "s3cret"] })).status).toBe(200);
    expect(backend.calls.at(-1)?.headers["x-api-key"]).toBeUndefined();
  });

  it.each([[[]], [["x-api-key", ""]], [["x-api-key", "other"]]])("denies a request with %j", async (headers) => {
    const before = backend.calls.length;
    const reply = await gateway.call("/orders", { headers });
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.body).error).toBe("${constant(id)}_DENIED");
    expect(backend.calls).toHaveLength(before);
  });
});
`;

/** The files of a new policy's folder, by name: one that works, to be turned into what it is to be. */
export const policyTemplate = (id) => ({
  "schema.ts": schema(id),
  "handler.ts": handler(id),
  "errors.ts": errors(id),
  "handler.test.ts": test(id),
});
