import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { type PageQuery, page, pageArguments } from "./context";
import { gatewayState } from "./runtime";

/** A page of what happened, newest first. */
export async function listActivity(query: PageQuery) {
  const rows = await database().activity.findMany({
    orderBy: [{ at: "desc" }, { id: "desc" }],
    ...pageArguments(query),
  });
  const { items, nextCursor } = page(rows, query.limit);
  return { items: items.map((row) => ({ ...row, at: row.at.toISOString() })), nextCursor };
}

/** The gateways that are known: the embedded one of this process. */
export function listGateways() {
  const { since, deployments } = gatewayState();
  const items = [
    {
      id: "embedded",
      kind: "embedded" as const,
      url: environment().gatewayUrl,
      since: since.toISOString(),
      deployments: deployments.map(({ apiId, deploymentNumber }) => ({ apiId, number: deploymentNumber })),
    },
  ];
  return { items, nextCursor: null };
}
