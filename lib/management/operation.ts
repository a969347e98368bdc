import { database } from "@/lib/platform/database";
import { type PageQuery, page, pageArguments } from "./context";

/** A page of what happened, newest first. */
export async function listActivity(query: PageQuery) {
  const rows = await database().activity.findMany({
    orderBy: [{ at: "desc" }, { id: "desc" }],
    ...pageArguments(query),
  });
  const { items, nextCursor } = page(rows, query.limit);
  return { items: items.map((row) => ({ ...row, at: row.at.toISOString() })), nextCursor };
}
