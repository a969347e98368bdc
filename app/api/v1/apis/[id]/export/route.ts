import { operations } from "@/lib/management/contract/operations";
import { exportApi } from "@/lib/management/exchange";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.exportApi, async ({ params, query }) => {
  const { text, fileName, contentType } = await exportApi(params.id, query.format);
  return { status: 200, body: text, headers: { "Content-Type": contentType, "Content-Disposition": `attachment; filename="${fileName}"` } };
});

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/export");
