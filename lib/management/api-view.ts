import type { Api, Deployment, Prisma } from "@/generated/prisma/client";
import { protectionOf } from "@/lib/definition/protection";
import { type SecretReferences, secretSlots } from "@/lib/definition/secrets";
import { environment } from "@/lib/platform/env";
import type { ApiView, DeploymentView } from "./contract/apis";
import { registry, storedDefinition } from "./registry";

/** An API as it is stored, with its active deployment when there is one. */
export type StoredApi = Api & { deployments: Deployment[] };

/** The ETag of a draft: it counts the draft's writes. */
export const etagOf = (api: Pick<Api, "revision">) => `"${api.revision}"`;

/** A value as the JSON that a column holds, without undefined members. */
export const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;

/** The references to stored secrets of a draft or deployment row. */
export const referencesOf = (value: unknown) => value as SecretReferences;

/** What a row of deployments looks like from outside. */
export function deploymentView(deployment: Deployment, activeNumber: number | null): DeploymentView {
  return {
    number: deployment.number,
    label: deployment.label,
    active: deployment.number === activeNumber,
    restores: deployment.restores,
    hash: deployment.hash,
    createdAt: deployment.createdAt.toISOString(),
    createdBy: deployment.createdBy,
  };
}

/** What an API looks like from outside. "Undeployed changes" is the comparison of two hashes, never a flag. */
export function apiView(api: StoredApi): ApiView {
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  const draft = storedDefinition(api.draft);
  const references = referencesOf(api.draftSecrets);
  return {
    id: api.id,
    name: api.name,
    version: api.version,
    description: draft.description,
    contextPath: api.contextPath,
    gatewayUrl: `${environment().gatewayUrl}${api.contextPath === "/" ? "" : api.contextPath}`,
    activeDeployment: active
      ? { number: active.number, label: active.label, createdAt: active.createdAt.toISOString(), createdBy: active.createdBy }
      : null,
    undeployedChanges: active?.hash !== api.draftHash,
    protection: active ? protectionOf(storedDefinition(active.definition)) : null,
    draftProtection: protectionOf(draft),
    environments: (["production", "sandbox"] as const).filter((name) => draft.endpoints[name]),
    storedSecrets: secretSlots(draft, registry).flatMap((slot) => (references[slot.key] ? [slot.path] : [])),
    etag: etagOf(api),
    createdAt: api.createdAt.toISOString(),
    updatedAt: api.updatedAt.toISOString(),
    updatedBy: api.updatedBy,
  };
}
