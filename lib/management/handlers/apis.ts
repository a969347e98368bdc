import { createApi, deleteApi, getApi, getDraft, listApis, putDefinition } from "../apis";
import type { apiOperations } from "../contract/operations/apis";
import { exportApi, importApi } from "../exchange";
import { readText } from "../http/body";
import { type HandlersOf, Reply } from "./handler";

const created = <T extends { id: string; etag: string }>(api: T) => new Reply(api, { ETag: api.etag, Location: `/api/v1/apis/${api.id}` });

export const apiHandlers: HandlersOf<typeof apiOperations> = {
  listApis: ({ query }) => listApis(query),
  createApi: async ({ body, principal }) => created(await createApi(body, principal.name)),
  getApi: async ({ params }) => {
    const { view, etag } = await getApi(params.id);
    return new Reply(view, { ETag: etag });
  },
  deleteApi: ({ params, preconditions, principal }) => deleteApi(params.id, preconditions, principal.name),
  getDefinition: async ({ params }) => {
    const { document, etag } = await getDraft(params.id);
    return new Reply(document, { ETag: etag });
  },
  putDefinition: async ({ params, body, preconditions, principal }) => {
    const { definition, etag } = await putDefinition(params.id, body, preconditions, principal.name);
    return new Reply({ ...definition }, { ETag: etag });
  },
  importApi: async ({ request, principal }) => created(await importApi(await readText(request), principal.name)),
  exportApi: async ({ params, query }) => {
    const { text, fileName, contentType } = await exportApi(params.id, query.format);
    return new Reply(text, { "Content-Type": contentType, "Content-Disposition": `attachment; filename="${fileName}"` });
  },
};
