import { createClaim, deleteClaim, getClaim, listClaims, updateClaim } from "../claims";
import type { serverPartOperations } from "../contract/operations/server-parts";
import { createPolicy, deletePolicy, getPolicy, listPolicies, updatePolicy } from "../policies";
import { createRule, deleteRule, getRule, updateRule } from "../rules";
import { createScope, deleteScope, getScope, listScopes, updateScope } from "../scopes";
import type { HandlersOf } from "./handler";

export const serverPartHandlers: HandlersOf<typeof serverPartOperations> = {
  listScopes: ({ params, query }) => listScopes(params.id, query),
  createScope: ({ params, body, principal }) => createScope(params.id, body, principal.name),
  getScope: ({ params }) => getScope(params.id, params.scopeId),
  updateScope: ({ params, body, preconditions, principal }) => updateScope(params.id, params.scopeId, body, principal.name, preconditions),
  deleteScope: ({ params, preconditions, principal }) => deleteScope(params.id, params.scopeId, principal.name, preconditions),
  listClaims: ({ params, query }) => listClaims(params.id, query),
  createClaim: ({ params, body, principal }) => createClaim(params.id, body, principal.name),
  getClaim: ({ params }) => getClaim(params.id, params.claimId),
  updateClaim: ({ params, body, preconditions, principal }) => updateClaim(params.id, params.claimId, body, principal.name, preconditions),
  deleteClaim: ({ params, preconditions, principal }) => deleteClaim(params.id, params.claimId, principal.name, preconditions),
  listPolicies: ({ params, query }) => listPolicies(params.id, query),
  createPolicy: ({ params, body, principal }) => createPolicy(params.id, body, principal.name),
  getPolicy: ({ params }) => getPolicy(params.id, params.policyId),
  updatePolicy: ({ params, body, preconditions, principal }) =>
    updatePolicy(params.id, params.policyId, body, principal.name, preconditions),
  deletePolicy: ({ params, preconditions, principal }) => deletePolicy(params.id, params.policyId, principal.name, preconditions),
  createRule: ({ params, body, principal }) => createRule(params.id, params.policyId, body, principal.name),
  getRule: ({ params }) => getRule(params.id, params.policyId, params.ruleId),
  updateRule: ({ params, body, preconditions, principal }) =>
    updateRule(params.id, params.policyId, params.ruleId, body, principal.name, preconditions),
  deleteRule: ({ params, preconditions, principal }) =>
    deleteRule(params.id, params.policyId, params.ruleId, principal.name, preconditions),
};
