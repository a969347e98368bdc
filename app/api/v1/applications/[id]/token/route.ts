import { issueTryToken } from "@/lib/management/application-token";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const POST = endpoint(operations.issueToken, async ({ params, body, principal }) => ({
  status: 200,
  body: await issueTryToken(params.id, body.scopes, principal.name, body.resource),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/applications/{id}/token");
