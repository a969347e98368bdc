import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import pg from "pg";
import { definition } from "@/lib/gateway/testing/fixtures";
import { type SecretBox, secretBox } from "@/lib/platform/secrets";

/** Writes deployments and authorization servers into a database as the console does. */
export interface TestDeployments {
  /** Deploys a definition under the API's next number, with its secrets by slot. */
  deploy(apiId: string, input: Record<string, unknown>, secrets?: Record<string, string>): Promise<number>;
  undeploy(apiId: string): Promise<void>;
  /** Adds an authorization server and answers what issues its tokens. */
  addServer(id: string, issuer: string, audience: string): Promise<(claims: Record<string, unknown>) => Promise<string>>;
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Opens a database that has the migrations applied. */
export function testDeployments(databaseUrl: string, secretKey: string): TestDeployments {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on("error", () => undefined);
  const box: SecretBox = secretBox(secretKey);
  let secretCount = 0;
  const query = async (text: string, values: unknown[] = []) => (await pool.query<Record<string, unknown>>(text, values)).rows;

  return {
    query,
    async deploy(apiId, input, secrets = {}) {
      const document = definition(input);
      const references: Record<string, string> = {};
      for (const [slot, value] of Object.entries(secrets)) {
        secretCount += 1;
        const id = `secret_${secretCount}_${apiId}`;
        await query(`INSERT INTO "Secret" ("id", "ownerId", "ciphertext") VALUES ($1, $2, $3)`, [id, apiId, box.seal(value, apiId)]);
        references[slot] = id;
      }
      const text = JSON.stringify(document);
      await query(
        `INSERT INTO "Api" ("id", "name", "version", "contextPath", "draft", "draftSecrets", "draftHash", "updatedBy")
         VALUES ($1, $2, '1', $3, $4, '{}', '', 'test') ON CONFLICT DO NOTHING`,
        [apiId, apiId, document.contextPath, text],
      );
      const [row] = await query(`SELECT coalesce(max("number"), 0) + 1 AS "number" FROM "Deployment" WHERE "apiId" = $1`, [apiId]);
      const number = Number(row?.number);
      await query(
        `INSERT INTO "Deployment" ("apiId", "number", "definition", "secrets", "hash", "createdBy") VALUES ($1, $2, $3, $4, '', 'test')`,
        [apiId, number, text, JSON.stringify(references)],
      );
      await query(`UPDATE "Api" SET "activeNumber" = $2 WHERE "id" = $1`, [apiId, number]);
      return number;
    },
    async undeploy(apiId) {
      await query(`UPDATE "Api" SET "activeNumber" = NULL WHERE "id" = $1`, [apiId]);
    },
    async addServer(id, issuer, audience) {
      const { publicKey, privateKey } = await generateKeyPair("RS256");
      const kid = `key-of-${id}`;
      const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
      await query(`INSERT INTO "AuthorizationServer" ("id", "name", "audience", "issuer") VALUES ($1, $1, $2, $3)`, [id, audience, issuer]);
      await query(
        `INSERT INTO "SigningKey" ("kid", "serverId", "algorithm", "publicJwk", "privateCiphertext") VALUES ($1, $2, 'RS256', $3, $4)`,
        // Gateways tell by what is encrypted whether they have the console's secret key.
        [kid, id, JSON.stringify(jwk), box.seal("not the private half", id)],
      );
      return (claims) =>
        new SignJWT({ client_id: "app", scope: "", ...claims })
          .setProtectedHeader({ alg: "RS256", kid, typ: "at+jwt" })
          .setIssuer(issuer)
          .setAudience(audience)
          .setSubject("app")
          .setJti(typeof claims.jti === "string" ? claims.jti : crypto.randomUUID())
          .setIssuedAt()
          .setExpirationTime("5m")
          .sign(privateKey);
    },
    close: () => pool.end(),
  };
}
