import { type CallName, type CallOptions, call, type ResponseOf } from "./client";

/** One page of a list. */
interface Page<Item> {
  items: Item[];
  /** Cursor of the next page; null on the last one. */
  nextCursor: string | null;
}

/** The operations that return pages. */
export type ListName = { [Name in CallName]: ResponseOf<Name> extends Page<unknown> ? Name : never }[CallName];

/** One item of a list. */
export type ItemOf<Name extends ListName> = ResponseOf<Name> extends Page<infer Item> ? Item : never;

const PAGE_ITEMS = 200;

/** Reads the page at a cursor, or the first page. */
export function readPage<Name extends ListName>(name: Name, options: CallOptions<Name>, cursor: string | null): Promise<Page<ItemOf<Name>>>;
export async function readPage(name: "listApis", options: CallOptions<"listApis">, cursor: string | null): Promise<Page<unknown>> {
  const query = { ...options.query, limit: PAGE_ITEMS, ...(cursor === null ? {} : { cursor }) };
  return (await call(name, { ...options, query })).data;
}

/** Reads all pages of a list: the console searches and sorts whole lists. */
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
