import { OPENAPI_BYTES_MAX } from "@/lib/definition/openapi";
import { getAccess, getAccessSummary, listOperations } from "../access";
import { deleteDocument, getDocument, putDocument } from "../api-document";
import type { accessOperations } from "../contract/operations/access";
import { checkApiCors } from "../cors-check";
import { readText } from "../http/body";
import type { HandlersOf } from "./handler";

export const accessHandlers: HandlersOf<typeof accessOperations> = {
  getOpenApi: ({ params }) => getDocument(params.id),
  putOpenApi: async ({ params, request, preconditions, principal }) =>
    putDocument(params.id, await readText(request, OPENAPI_BYTES_MAX), principal.name, preconditions),
  deleteOpenApi: ({ params, preconditions, principal }) => deleteDocument(params.id, principal.name, preconditions),
  getAccess: ({ params, query }) => getAccess(params.id, query.of, query),
  getAccessSummary: ({ params, query }) => getAccessSummary(params.id, query.of),
  listOperations: ({ params, query }) => listOperations(params.id, query.of, query),
  checkCors: ({ params, body }) => checkApiCors(params.id, body),
};
