import type { z } from "zod";
import { previewToken } from "@/lib/authorization-server/preview";
import { database } from "@/lib/platform/database";
import { type TokenPreviewView, type tokenPreviewBodySchema, tokenPreviewSchema } from "./contract/authorization";
import { invalid } from "./errors";
import { loadServer } from "./server-writes";

/**
 * Returns the token an application would get from a server, or why it gets none. Issues nothing.
 * @throws ManagementError 404, or 400 at `application` if the server has no such client ID
 */
export async function previewTokenOf(
  serverId: string,
  { application: clientId, scopes, resource }: z.output<typeof tokenPreviewBodySchema>,
): Promise<TokenPreviewView> {
  const server = await loadServer(serverId);
  const application = await database().application.findUnique({ where: { clientId }, include: { server: { select: { name: true } } } });
  const problem = (message: string) => invalid([{ path: "application", message }]);
  if (!application) throw problem(`No application has the client ID ${clientId}. Send an existing one.`);
  if (application.serverId !== serverId)
    throw problem(`${application.name} belongs to ${application.server.name}, so ${server.name} issues it no tokens.`);
  return tokenPreviewSchema.parse(await previewToken({ serverId, clientId, scopes, resource }));
}
