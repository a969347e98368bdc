import { newSecretKey, until } from "@/lib/data-plane/testing/launch";
import { secretBox } from "@/lib/platform/secrets";
import type { Surroundings } from "./surroundings";
import type { TestHost } from "./test-host";

/** What a gateway's row says. */
interface Row {
  deployments: { apiId: string; number: number }[];
  state: Record<string, unknown>;
}

/** Asks a gateway under test, and waits for what it says. */
export function hostDriver(host: () => TestHost, around: () => Surroundings) {
  const operator = () => `Bearer ${around().env.GATEWRIGHT_METRICS_TOKEN}`;
  const degraded = async () => {
    const { status, body } = await host().readyz(operator());
    return { status, degraded: (body as { degraded: string[] }).degraded };
  };
  /** Waits until it serves with these problems. */
  const whileServing = (holds: (degraded: string) => boolean) =>
    until(degraded, ({ status, degraded: problems }) => status === 200 && holds(problems.join()));
  const endpoints = (path = "") => ({ production: { url: around().backend.url + path } });

  return {
    operator,
    whileServing,
    healthy: () => whileServing((text) => text === ""),
    /** Whether the metrics have this line. */
    metric: async (line: string) => (await host().metrics()).split("\n").includes(line),
    /** Waits for a response's text. */
    answers: (path: string, expected: string) =>
      until(
        () => host().call(path),
        ({ text }) => text === expected,
      ),
    row: async (): Promise<Row | undefined> => {
      const [found] = await around().deployments.query(`SELECT * FROM "Gateway" WHERE "id" = $1`, [host().id]);
      return found as Row | undefined;
    },
    /** Deploys the same again, with secrets that were encrypted with another key. */
    async redeployWithOtherKey(apiId: string, number: number): Promise<void> {
      const { query } = around().deployments;
      const other = secretBox(newSecretKey()).seal("s3cret-s3cret", apiId);
      await query(`UPDATE "Secret" SET "ciphertext" = $2 WHERE "ownerId" = $1`, [apiId, other]);
      await query(
        `INSERT INTO "Deployment" ("apiId", "number", "definition", "secrets", "hash", "createdBy")
         SELECT "apiId", "number" + 1, "definition", "secrets", '', 'test' FROM "Deployment" WHERE "apiId" = $1 AND "number" = $2`,
        [apiId, number],
      );
      await query(`UPDATE "Api" SET "activeNumber" = $2 WHERE "id" = $1`, [apiId, number + 1]);
    },
    /** An API without a token check. */
    open: (path: string) => ({ contextPath: "/open", endpoints: endpoints(path) }),
    /** An API that requires a token of the authorization server `shop`. */
    one: () => ({
      contextPath: "/one",
      endpoints: endpoints(),
      resources: [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }],
      flows: [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }],
    }),
  };
}
