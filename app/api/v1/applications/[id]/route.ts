import { deleteApplication, getApplication, updateApplication } from "@/lib/management/applications";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getApplication, async ({ params }) => ({ status: 200, body: await getApplication(params.id) }));

export const PATCH = endpoint(operations.updateApplication, async ({ params, body, preconditions, principal }) => ({
  status: 200,
  body: await updateApplication(params.id, body, principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deleteApplication, async ({ params, preconditions, principal }) => {
  await deleteApplication(params.id, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, POST, PUT } = otherMethods("/applications/{id}");
