import type { z } from "zod";
import { hashClientSecret, newClientSecret } from "@/lib/authorization-server/applications";
import type { Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { recordApplicationActivity, secretView, writeApplication } from "./application-view";
import type { secretBodySchema, secretCreatedSchema } from "./contract/authorization";
import { ManagementError, notFound } from "./errors";
import type { Preconditions } from "./preconditions";

const SECRETS_MAX = 2;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Generates a secret and stores its hash. */
export async function addSecret(tx: Transaction, applicationId: string, expiresAt: Date | null = null) {
  const clientSecret = newClientSecret();
  const secret = await tx.applicationSecret.create({
    data: { id: newId("csec"), applicationId, sha256: hashClientSecret(clientSecret), hint: clientSecret.slice(-4), expiresAt },
  });
  return { clientSecret, secret };
}

/**
 * Adds a secret, which allows rotation with an overlap. At most two are valid at a time; expired ones are deleted.
 * @throws ManagementError 404 or 409
 */
export async function createSecret(
  id: string,
  { expiresInDays }: z.output<typeof secretBodySchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<z.output<typeof secretCreatedSchema>> {
  return writeApplication(
    id,
    async (tx, application) => {
      const now = new Date();
      const valid = application.secrets.filter(({ expiresAt }) => !expiresAt || expiresAt > now);
      if (valid.length >= SECRETS_MAX) throw new ManagementError(409, "An application can have 2 client secrets. Delete one first.");
      await tx.applicationSecret.deleteMany({ where: { applicationId: id, expiresAt: { lte: now } } });
      const expiresAt = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY_MS);
      const { clientSecret, secret } = await addSecret(tx, id, expiresAt);
      const until = expiresInDays === null ? "" : `, valid for ${expiresInDays} ${expiresInDays === 1 ? "day" : "days"}`;
      await recordApplicationActivity(tx, id, actor, "changed", `Added a client secret to ${application.name}${until}`);
      return { ...secretView(secret), clientSecret };
    },
    preconditions,
  );
}

/** Deletes a secret, which is rejected from then on. @throws ManagementError 404 or 412 */
export async function deleteSecret(id: string, secretId: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeApplication(
    id,
    async (tx, application) => {
      const { count } = await tx.applicationSecret.deleteMany({ where: { id: secretId, applicationId: id } });
      if (count === 0) throw notFound("client secret");
      await recordApplicationActivity(tx, id, actor, "changed", `Deleted a client secret of ${application.name}`);
    },
    preconditions,
  );
}
