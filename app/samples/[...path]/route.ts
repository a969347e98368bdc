import { sampleAnswer } from "@/lib/management/samples";

async function answer(request: Request, context: { params: Promise<{ path: string[] }> }): Promise<Response> {
  return sampleAnswer((await context.params).path, request);
}

export { answer as DELETE, answer as GET, answer as HEAD, answer as PATCH, answer as POST, answer as PUT };
