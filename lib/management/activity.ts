import { database } from "@/lib/platform/database";
import { keyset, type PageQuery, type SortColumn } from "./paging";

const NEWEST_FIRST: readonly SortColumn[] = [
  { column: "at", order: "desc", isTime: true },
  { column: "id", order: "desc" },
];

/** Returns a page of activity entries, newest first. */
export async function listActivity(query: PageQuery) {
  const { args, page } = keyset({ list: "activity" }, NEWEST_FIRST, query);
  const { items, nextCursor } = page(await database().activity.findMany(args));
  return { items: items.map((row) => ({ ...row, at: row.at.toISOString() })), nextCursor };
}
