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

/** Makes a secret and stores its hash. */
export async function addSecret(tx: Transaction, applicationId: string, expiresAt: Date | null = null) {
  const clientSecret = newClientSecret();
  const secret = await tx.applicationSecret.create({
    data: { id: newId("csec"), applicationId, sha256: hashClientSecret(clientSecret), hint: clientSecret.slice(-4), expiresAt },
  });
  return { clientSecret, secret };
}

/**
 * Adds a secret, so that credentials can be rotated with an overlap. Two are good at a time; expired ones, which are refused
 * in any case, make room for it.
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
      const good = application.secrets.filter(({ expiresAt }) => !expiresAt || expiresAt > now);
      if (good.length >= SECRETS_MAX) throw new ManagementError(409, "An application has at most two client secrets. Delete one first.");
      await tx.applicationSecret.deleteMany({ where: { applicationId: id, expiresAt: { lte: now } } });
      const expiresAt = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * DAY_MS);
      const { clientSecret, secret } = await addSecret(tx, id, expiresAt);
      const until = expiresInDays === null ? "" : `, good for ${expiresInDays} ${expiresInDays === 1 ? "day" : "days"}`;
      await recordApplicationActivity(tx, id, actor, "changed", `Added a client secret to ${application.name}${until}`);
      return { ...secretView(secret), clientSecret };
    },
    preconditions,
  );
}

/** Deletes a secret; it is refused from now on. @throws ManagementError 404 */
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
