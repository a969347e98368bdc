import { type CallName, type CallOptions, call, type ResponseOf } from "./client";

/** One page of a list. */
interface Page<Item> {
  items: Item[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

/** The operations that respond with pages. */
export type ListName = { [Name in CallName]: ResponseOf<Name> extends Page<unknown> ? Name : never }[CallName];

/** One thing on a list. */
export type ItemOf<Name extends ListName> = ResponseOf<Name> extends Page<infer Item> ? Item : never;

const PAGE_ITEMS = 200;

/** The page of a list that begins at a cursor, or the first one. */
export function readPage<Name extends ListName>(name: Name, options: CallOptions<Name>, cursor: string | null): Promise<Page<ItemOf<Name>>>;
export async function readPage(name: "listApis", options: CallOptions<"listApis">, cursor: string | null): Promise<Page<unknown>> {
  const query = { ...options.query, limit: PAGE_ITEMS, ...(cursor === null ? {} : { cursor }) };
  return (await call(name, { ...options, query })).data;
}

/** All pages of a list, one after the other: lists in the console are searched and sorted as a whole. */
export async function readAll<Name extends ListName>(name: Name, options: CallOptions<Name>): Promise<ItemOf<Name>[]> {
  const items: ItemOf<Name>[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ItemOf<Name>> = await readPage(name, options, cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
