import { z } from "zod";
import { type Claim, Prisma } from "@/generated/prisma/client";
import { claimProblem } from "@/lib/authorization-server/rules/check";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import type { ClaimView, claimBodySchema, claimPatchSchema } from "./contract/authorization";
import { invalid, ManagementError, notFound } from "./errors";
import { BY_NAME, keyset, type PageQuery } from "./paging";
import { checkTagOf, type Preconditions, tagged } from "./preconditions";
import { checkScopes } from "./scopes";
import { loadServer, recordServerActivity, writeServer } from "./server-writes";
import { changedWords, inWords } from "./words";

/** Every claim is evaluated for each token of its server. */
const CLAIMS_MAX = 100;

type ClaimInput = z.output<typeof claimBodySchema>;

const kindOf = (claim: Claim): ClaimInput["kind"] => (claim.kind === "expression" ? "expression" : "static");

function claimView(claim: Claim): ClaimView {
  return tagged({
    id: claim.id,
    name: claim.name,
    kind: kindOf(claim),
    value: z.json().parse(claim.value),
    scopes: claim.scopes,
    createdAt: claim.createdAt.toISOString(),
  });
}

/** Converts a value to a JSON column: Prisma represents JSON null by a constant. */
const asColumn = (value: ClaimInput["value"]) => (value === null ? Prisma.JsonNull : value);

function checkClaim(claim: Pick<ClaimInput, "name" | "kind" | "value">): void {
  const problem = claimProblem(claim);
  if (problem) throw invalid([problem]);
}

/** Returns a page of a server's claims by name. @throws ManagementError 404 */
export async function listClaims(serverId: string, query: PageQuery) {
  await loadServer(serverId);
  const { args, page } = keyset({ list: "claims", of: serverId }, BY_NAME, query);
  const { items, nextCursor } = page(await database().claim.findMany({ ...args, where: { ...args.where, serverId } }));
  return { items: items.map(claimView), nextCursor };
}

/** Creates a claim. New tokens with one of its scopes contain it. @throws ManagementError 400, 404 or 409 */
export async function createClaim(serverId: string, input: ClaimInput, actor: string): Promise<ClaimView> {
  checkClaim(input);
  return writeServer(serverId, async (tx, server) => {
    const { name, kind, value, scopes } = input;
    await checkScopes(tx, serverId, [{ path: "scopes", scopes }]);
    if (await tx.claim.findUnique({ where: { serverId_name: { serverId, name } } })) {
      const message = `${server.name} already has a claim ${name}. Choose another name, or change that claim.`;
      throw new ManagementError(409, message, [{ path: "name", message }]);
    }
    if ((await tx.claim.count({ where: { serverId } })) >= CLAIMS_MAX)
      throw invalid([{ path: "", message: `An authorization server can have ${CLAIMS_MAX} claims. Delete one first.` }]);
    const claim = await tx.claim.create({
      data: { id: newId("claim"), serverId, name, kind, value: asColumn(value), scopes: [...new Set(scopes)] },
    });
    await recordServerActivity(tx, serverId, actor, "created", `Added the claim ${name} to ${server.name}`);
    return claimView(claim);
  });
}

async function findClaim(tx: Transaction, serverId: string, claimId: string): Promise<Claim> {
  const claim = await tx.claim.findFirst({ where: { id: claimId, serverId } });
  if (!claim) throw notFound("claim");
  return claim;
}

/** Returns a claim. @throws ManagementError 404 */
export async function getClaim(serverId: string, claimId: string): Promise<ClaimView> {
  return claimView(await findClaim(database(), serverId, claimId));
}

/** Updates a claim, and validates the result as a whole. @throws ManagementError 400, 404 or 412 */
export async function updateClaim(
  serverId: string,
  claimId: string,
  patch: z.output<typeof claimPatchSchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<ClaimView> {
  return writeServer(serverId, async (tx, server) => {
    const stored = await findClaim(tx, serverId, claimId);
    const before = claimView(stored);
    await checkTagOf(preconditions, () => before);
    const { kind = before.kind, value = before.value, scopes = before.scopes } = patch;
    checkClaim({ name: before.name, kind, value });
    await checkScopes(tx, serverId, [{ path: "scopes", scopes }]);
    const claim = await tx.claim.update({
      where: { id: claimId },
      data: { kind, value: asColumn(value), scopes: [...new Set(scopes)] },
    });
    const changes = changedWords({ kind, value, scopes }, before, { kind: "the kind", value: "the value", scopes: "the scopes" });
    if (changes.length)
      await recordServerActivity(tx, serverId, actor, "changed", `Changed the claim ${claim.name} of ${server.name}: ${inWords(changes)}`);
    return claimView(claim);
  });
}

/** Deletes a claim. New tokens don't contain it. @throws ManagementError 404 or 412 */
export async function deleteClaim(serverId: string, claimId: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeServer(serverId, async (tx, server) => {
    const claim = await findClaim(tx, serverId, claimId);
    await checkTagOf(preconditions, () => claimView(claim));
    await tx.claim.delete({ where: { id: claimId } });
    await recordServerActivity(tx, serverId, actor, "deleted", `Deleted the claim ${claim.name} of ${server.name}`);
  });
}
