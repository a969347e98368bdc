import { z } from "zod";
import * as authorization from "@/lib/management/contract/authorization";
import { idSchema, pageQuerySchema } from "@/lib/management/contract/common";
import { byId, operation } from "@/lib/management/contract/operation";

const tag = "Authorization servers";
const SERVER = "/authorization-servers/{id}";

/** Describes a collection within an authorization server. */
interface Part<Collection extends z.ZodObject, Item extends z.ZodObject, View, Body, Patch> {
  /** The path of the collection. */
  path: string;
  params: Collection;
  /** Path parameters of one item; the last one is its ID. */
  itemParams: Item;
  view: View;
  body: Body;
  patch: Patch;
  /** Name of one item, as it appears within a sentence. */
  noun: string;
  summaries?: Partial<Record<"create" | "get" | "update" | "delete", string>>;
  /** Operations that can return 409: the name is taken, or the item is in use. */
  conflicts: readonly ("create" | "delete")[];
}

/** Declares the create, get, update and delete operations of a collection. */
function itemOperations<
  Collection extends z.ZodObject,
  Item extends z.ZodObject,
  View extends z.ZodType,
  Body extends z.ZodType,
  Patch extends z.ZodType,
>({ path, params, itemParams, view, body, patch, noun, summaries = {}, conflicts }: Part<Collection, Item, View, Body, Patch>) {
  const itemPath = `${path}/{${Object.keys(itemParams.shape).at(-1)}}`;
  const ofItem = { path: itemPath, tag, params: itemParams } as const;
  const conflict = (of: "create" | "delete") => (conflicts.includes(of) ? ([409] as const) : []);
  return {
    create: operation({
      method: "POST",
      path,
      summary: summaries.create ?? `Create a ${noun}`,
      tag,
      params,
      body,
      status: 201,
      response: view,
      failures: conflict("create"),
    }),
    get: operation({ method: "GET", ...ofItem, summary: summaries.get ?? `Get a ${noun}`, status: 200, response: view }),
    update: operation({
      method: "PATCH",
      ...ofItem,
      summary: summaries.update ?? `Update a ${noun}`,
      body: patch,
      ifMatch: "optional",
      status: 200,
      response: view,
      failures: [412],
    }),
    delete: operation({
      method: "DELETE",
      ...ofItem,
      summary: summaries.delete ?? `Delete a ${noun}`,
      ifMatch: "optional",
      status: 204,
      response: null,
      failures: [...conflict("delete"), 412],
    }),
  };
}

/** Declares the list operation of a collection. */
const listOperation = <Page extends z.ZodType>(path: string, summary: string, response: Page) =>
  operation({ method: "GET", path, summary, tag, params: byId, query: pageQuerySchema, status: 200, response });

const scope = itemOperations({
  path: `${SERVER}/scopes`,
  params: byId,
  itemParams: z.object({ id: idSchema, scopeId: idSchema }),
  view: authorization.scopeViewSchema,
  body: authorization.scopeBodySchema,
  patch: authorization.scopePatchSchema,
  noun: "scope",
  summaries: { delete: "Delete a scope that nothing uses" },
  conflicts: ["create", "delete"],
});

const claim = itemOperations({
  path: `${SERVER}/claims`,
  params: byId,
  itemParams: z.object({ id: idSchema, claimId: idSchema }),
  view: authorization.claimSchema,
  body: authorization.claimBodySchema,
  patch: authorization.claimPatchSchema,
  noun: "claim",
  conflicts: ["create"],
});

const byPolicy = z.object({ id: idSchema, policyId: idSchema });

const policy = itemOperations({
  path: `${SERVER}/policies`,
  params: byId,
  itemParams: byPolicy,
  view: authorization.accessPolicySchema,
  body: authorization.accessPolicyBodySchema,
  patch: authorization.accessPolicyPatchSchema,
  noun: "access policy",
  summaries: {
    create: "Create an access policy, optionally with rules",
    get: "Get an access policy and its rules",
    update: "Update or reorder an access policy",
    delete: "Delete an access policy and its rules",
  },
  conflicts: [],
});

const rule = itemOperations({
  path: `${SERVER}/policies/{policyId}/rules`,
  params: byPolicy,
  itemParams: z.object({ id: idSchema, policyId: idSchema, ruleId: idSchema }),
  view: authorization.accessRuleSchema,
  body: authorization.accessRuleBodySchema,
  patch: authorization.accessRulePatchSchema,
  noun: "rule",
  summaries: { create: "Add a rule", update: "Update or reorder a rule" },
  conflicts: [],
});

/** Operations on an authorization server's scopes, claims, access policies and rules. */
export const serverPartOperations = {
  listScopes: listOperation(`${SERVER}/scopes`, "List scopes", authorization.scopeListSchema),
  createScope: scope.create,
  getScope: scope.get,
  updateScope: scope.update,
  deleteScope: scope.delete,
  listClaims: listOperation(`${SERVER}/claims`, "List claims", authorization.claimListSchema),
  createClaim: claim.create,
  getClaim: claim.get,
  updateClaim: claim.update,
  deleteClaim: claim.delete,
  listPolicies: listOperation(
    `${SERVER}/policies`,
    "List access policies and their rules, in evaluation order",
    authorization.accessPolicyListSchema,
  ),
  createPolicy: policy.create,
  getPolicy: policy.get,
  updatePolicy: policy.update,
  deletePolicy: policy.delete,
  createRule: rule.create,
  getRule: rule.get,
  updateRule: rule.update,
  deleteRule: rule.delete,
};
