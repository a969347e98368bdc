import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "@/lib/data-plane/testing/launch";
import { hostDriver } from "./host-driver";
import { type Surroundings, startSurroundings } from "./surroundings";
import type { StartHost, TestHost } from "./test-host";

const REDIS_UNREACHABLE =
  "Redis is unreachable: deployments are polled; backend tokens, counters, and DPoP replay data aren't shared with other gateways.";

/** What both gateways do around the core, whatever the product. The tests follow each other on one gateway. */
export function gatewayHostBehavior(name: string, start: StartHost): void {
  let around: Surroundings;
  let host: TestHost;
  const { whileServing, healthy, metric, answers, row, operator, open, one, redeployWithOtherKey } = hostDriver(
    () => host,
    () => around,
  );

  beforeAll(async () => {
    around = await startSurroundings();
    Object.assign(process.env, around.env);
  });
  afterAll(async () => {
    await host?.stop();
    await around?.stop();
  });

  describe(`${name} around the core`, () => {
    it("starts while Postgres is unreachable, and rejects requests until it has something to serve", async () => {
      await around.deployments.deploy("api_one", one());
      await around.deployments.deploy("api_open", open(""));
      await around.postgres.cut();
      host = await start(around.env);
      expect(await host.readyz()).toEqual({ status: 503, body: { status: "starting" } });
      expect(await host.call("/open/x")).toMatchObject({ status: 503, text: expect.stringContaining("GATEWAY_STARTING") });
      const { body } = await until(
        () => host.readyz(operator()),
        (seen) => JSON.stringify(seen).includes("unreachable"),
      );
      expect(body).toEqual({
        status: "starting",
        degraded: [expect.stringMatching(/^Postgres is unreachable since \S+Z: no new deployments arrive\.$/)],
      });
      await around.postgres.mend();
      await healthy();
      expect(await host.readyz()).toEqual({ status: 200, body: { status: "ready" } });
      expect((await host.call("/open/x")).text).toBe("/x nobody");
    });

    it("serves what is deployed, another deployment of it, and no more of it after its undeployment", async () => {
      await around.deployments.deploy("api_open", open("/second"));
      await answers("/open/x", "/second/x nobody");
      await around.deployments.undeploy("api_open");
      await until(
        () => host.call("/open/x"),
        ({ status }) => status === 404,
      );
      await around.deployments.deploy("api_open", open(""));
      await answers("/open/x", "/x nobody");
    });

    it("keeps the previous deployment when one doesn't load, says so, and says when it's over", async () => {
      const number = await around.deployments.deploy("api_open", open("/never"));
      await around.deployments.query(`UPDATE "Deployment" SET "definition" = '{"contextPath": "/open"}' WHERE "number" = $1`, [number]);
      const broken = await around.deployments.deploy("api_open", open("/broken"));
      await around.deployments.query(`UPDATE "Api" SET "activeNumber" = $1 WHERE "id" = 'api_open'`, [number]);
      const { degraded: problems } = await whileServing((text) => text.includes("didn't load"));
      expect(problems).toEqual([`Deployment ${number} of api_open didn't load. The log has the reason.`]);
      expect((await host.call("/open/x")).status).toBe(200);
      expect(await metric('gatewright_problem{problem="deployments"} 1')).toBe(true);
      await around.deployments.query(`UPDATE "Api" SET "activeNumber" = $1 WHERE "id" = 'api_open'`, [broken]);
      await healthy();
      await answers("/open/x", "/broken/x nobody");
      await until(
        () => metric('gatewright_problem{problem="deployments"} 0'),
        (isOver) => isOver,
      );
    });

    it("serves every other API when a secret was encrypted with another key", async () => {
      const security = { type: "oauth2", tokenUrl: around.tokenServer.tokenUrl, clientId: "gateway" };
      const input = { contextPath: "/sealed", endpoints: { production: { url: around.guarded.url, security } } };
      const number = await around.deployments.deploy("api_sealed", input, { "endpoints/production/clientSecret": "s3cret-s3cret" });
      await answers("/sealed/x", "Bearer token-1");
      await redeployWithOtherKey("api_sealed", number);
      await whileServing((text) => text.includes(`Deployment ${number + 1} of api_sealed didn't load`));
      expect((await host.call("/open/x")).status).toBe(200);
      await around.deployments.undeploy("api_sealed");
      await healthy();
    });

    it("rejects a revoked token, and every token of a deactivated client", async () => {
      const authorized = async (token: string) => (await host.call("/one/x", { authorization: `Bearer ${token}` })).status;
      const [revoked, other] = [await around.issue({ jti: "revoked" }), await around.issue({})];
      await until(
        () => authorized(revoked),
        (status) => status === 200,
      );
      await around.deployments.query(`INSERT INTO "RevokedToken" VALUES ('shop', 'revoked', timezone('utc', now()) + interval '1 hour')`);
      await until(
        () => authorized(revoked),
        (status) => status === 401,
      );
      expect(await authorized(other)).toBe(200);
      await around.deployments.query(
        `INSERT INTO "EndedClient" ("clientId", "serverId", "endedAt", "isOff", "expiresAt")
         VALUES ('app', 'shop', timezone('utc', now()), true, timezone('utc', now()) + interval '1 hour')`,
      );
      await until(
        () => authorized(other),
        (status) => status === 401,
      );
    });

    it("gets a new backend token when its token was cleared", async () => {
      const security = { type: "oauth2", tokenUrl: around.tokenServer.tokenUrl, clientId: "gateway" };
      const input = { contextPath: "/cleared", endpoints: { production: { url: around.guarded.url, security } } };
      await around.deployments.deploy("api_cleared", input, { "endpoints/production/clientSecret": "s3cret-s3cret" });
      const first = await until(
        () => host.call("/cleared/x"),
        ({ text }) => text.startsWith("Bearer token-"),
      );
      expect((await host.call("/cleared/x")).text).toBe(first.text);
      await around.deployments.query(`INSERT INTO "EndpointTokenDrop" VALUES ('api_cleared', 'production', 1)`);
      await until(
        () => host.call("/cleared/x"),
        ({ text }) => text.startsWith("Bearer token-") && text !== first.text,
      );
    });

    it("reports what it runs, its dependencies and its backend tokens", async () => {
      const isTold = (found: Awaited<ReturnType<typeof row>>) =>
        found?.deployments.length === 3 && (found.state.endpointTokens as unknown[]).length > 0;
      const { port } = new URL(around.env.REDIS_URL);
      expect(await until(row, isTold)).toMatchObject({
        state: {
          ready: true,
          draining: false,
          degraded: [],
          workers: 1,
          dependencies: { postgres: true, redis: true },
          redisServer: { host: "127.0.0.1", port: Number(port), hasPassword: false },
          endpointTokens: [{ apiId: "api_cleared", environment: "production", state: "kept" }],
        },
      });
      const text = await host.metrics();
      expect(text).toMatch(/^gatewright_ready 1$/m);
      expect(text).toMatch(/^gatewright_degraded 0$/m);
      expect(text).toMatch(/^gatewright_deployment_number\{api="api_one"\} 1$/m);
    });

    it.each(["cut", "hold"] as const)(
      "keeps serving while Postgres is unreachable (%s), and loads what was deployed meanwhile",
      async (how) => {
        await around.postgres[how]();
        const { degraded: problems } = await whileServing((text) => text.includes("Postgres"));
        expect(problems).toEqual([expect.stringMatching(/^Postgres is unreachable since \S+Z: no new deployments arrive\.$/)]);
        await until(
          () => metric('gatewright_dependency_up{dependency="postgres"} 0'),
          (isDown) => isDown,
        );
        expect(await metric('gatewright_problem{problem="postgres"} 1')).toBe(true);
        expect((await host.call("/open/x")).status).toBe(200);
        await around.deployments.deploy("api_open", open(`/after-${how}`));
        await around.postgres.mend();
        await answers("/open/x", `/after-${how}/x nobody`);
        await healthy();
        await until(
          () => metric('gatewright_dependency_up{dependency="postgres"} 1'),
          (isUp) => isUp,
        );
      },
    );

    it("keeps serving while Redis is unreachable, and is told of deployments by Postgres", async () => {
      await around.redis.cut();
      const { degraded: problems } = await whileServing((text) => text.includes("Redis"));
      expect(problems).toEqual([REDIS_UNREACHABLE]);
      await around.deployments.deploy("api_open", open("/polled"));
      await answers("/open/x", "/polled/x nobody");
      expect(await metric('gatewright_dependency_up{dependency="redis"} 0')).toBe(true);
      await around.redis.mend();
      await healthy();
    });

    it("tells a schema of another version from an unreachable database", async () => {
      await around.deployments.query(`ALTER TABLE "EndpointTokenDrop" RENAME TO "Renamed"`);
      const { degraded: problems } = await whileServing((text) => text.includes("read"));
      expect(problems).toEqual([
        expect.stringMatching(/^Deployments can't be read since \S+Z: no new deployments arrive\. The log has the reason\.$/),
      ]);
      expect((await host.call("/open/x")).status).toBe(200);
      await around.deployments.query(`ALTER TABLE "Renamed" RENAME TO "EndpointTokenDrop"`);
      await healthy();
    });

    it("says that another gateway uses its name", async () => {
      await around.deployments.query(`UPDATE "Gateway" SET "since" = "since" - interval '1 day' WHERE "id" = $1`, [host.id]);
      await whileServing((text) => text.startsWith(`Another gateway uses the name ${host.id}.`));
    });
  });
}
