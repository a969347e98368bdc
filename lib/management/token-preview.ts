import type { z } from "zod";
import { previewToken } from "@/lib/authorization-server/preview";
import { database } from "@/lib/platform/database";
import { type TokenPreviewView, type tokenPreviewBodySchema, tokenPreviewSchema } from "./contract/authorization";
import { invalid } from "./errors";
import { loadServer } from "./server-writes";

/**
 * Shows what token an application would get from a server, or why none. Nothing is issued.
 * @throws ManagementError 404, or 400 at `application` when the server has no such client id
 */
export async function previewTokenOf(
  serverId: string,
  { application: clientId, scopes, resource }: z.output<typeof tokenPreviewBodySchema>,
): Promise<TokenPreviewView> {
  const server = await loadServer(serverId);
  const application = await database().application.findUnique({ where: { clientId }, include: { server: { select: { name: true } } } });
  const problem = (message: string) => invalid([{ path: "application", message }]);
  if (!application) throw problem(`No application has the client id ${clientId}.`);
  if (application.serverId !== serverId)
    throw problem(`${application.name} is an application of ${application.server.name}: ${server.name} issues no tokens to it.`);
  return tokenPreviewSchema.parse(await previewToken({ serverId, clientId, scopes, resource }));
}
