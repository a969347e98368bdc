import { createApplication, listApplications } from "@/lib/management/applications";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listApplications, async ({ query }) => ({ status: 200, body: await listApplications(query) }));

export const POST = endpoint(operations.createApplication, async ({ body, principal }) => {
  const application = await createApplication(body, principal.name);
  return { status: 201, body: application, headers: { Location: `/api/v1/applications/${application.id}` } };
});

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/applications");
