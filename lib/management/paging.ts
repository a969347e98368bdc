import { box } from "./context";
import { invalid } from "./errors";

/** The query of a list. */
export interface PageQuery {
  cursor?: string | undefined;
  /** 1 to 200. */
  limit: number;
}

/** One page of a list; `nextCursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Version prefix of cursors. Change it with the format, to reject old cursors clearly. */
const PREFIX = "c1.";

type SortValue = string | number;

/** Identifies a list by its name and parent, for example an API's ID. A cursor is valid for one list only. */
export interface ListName {
  list: string;
  of?: string;
}

const ownerOf = ({ list, of = "" }: ListName) => `cursor/${list}/${of}`;

/** Encrypts a position in a list, bound to that list. */
function writeCursor(name: ListName, values: readonly SortValue[]): string {
  return PREFIX + box().seal(JSON.stringify(values), ownerOf(name));
}

function notACursor(): never {
  throw invalid([
    {
      path: "cursor",
      message:
        "The cursor isn't valid for this list. Send nextCursor from the previous response, with the same path and filters, or omit cursor to start again.",
    },
  ]);
}

/** Returns a cursor's sort values; null without a cursor. @throws ManagementError 400 if it isn't valid for this list */
function readCursor(name: ListName, cursor: string | undefined): SortValue[] | null {
  if (cursor === undefined) return null;
  if (!cursor.startsWith(PREFIX)) notACursor();
  let text: string;
  try {
    text = box().open(cursor.slice(PREFIX.length), ownerOf(name));
  } catch {
    notACursor();
  }
  // Authenticated by the secret key, so writeCursor created it.
  return JSON.parse(text) as SortValue[];
}

/** A sort column. Together, a list's sort columns must be unique. */
export interface SortColumn {
  column: string;
  order: "asc" | "desc";
  /** The column is a timestamp; otherwise text or a number. */
  isTime?: boolean;
}

/** Prisma arguments of one page, plus one row that shows whether there is a next page. */
interface PageArguments {
  where: { OR?: Record<string, unknown>[] };
  orderBy: Record<string, "asc" | "desc">[];
  take: number;
}

/**
 * Pages by the values of the sort columns. The next page is found even if the last row of this page was deleted or changed.
 */
export function keyset(name: ListName, columns: readonly SortColumn[], query: PageQuery) {
  const values = readCursor(name, query.cursor)?.map((value, index) => (columns[index]?.isTime ? new Date(value) : value));
  // (a, b) > (x, y) is a > x, or a = x and b > y.
  const after = values?.map((value, index) => ({
    ...Object.fromEntries(columns.slice(0, index).map(({ column }, before) => [column, values[before]])),
    [columns[index]?.column ?? ""]: { [columns[index]?.order === "desc" ? "lt" : "gt"]: value },
  }));
  const args: PageArguments = {
    where: after ? { OR: after } : {},
    orderBy: columns.map(({ column, order }) => ({ [column]: order })),
    take: query.limit + 1,
  };
  return {
    args,
    /** Creates the page from the rows that the arguments return. */
    page<T extends object>(rows: readonly T[]): Page<T> {
      const items = rows.slice(0, query.limit);
      const last = items.at(-1) as Record<string, unknown> | undefined;
      if (last === undefined || rows.length <= query.limit) return { items, nextCursor: null };
      const position = columns.map(({ column }) => {
        const value = last[column];
        return value instanceof Date ? value.toISOString() : (value as SortValue);
      });
      return { items, nextCursor: writeCursor(name, position) };
    },
  };
}

/** Sort columns of lists by name. */
export const BY_NAME: readonly SortColumn[] = [
  { column: "name", order: "asc" },
  { column: "id", order: "asc" },
];

/**
 * Pages a short list whose order changes when an item is deleted or moved. The cursor contains the IDs of earlier pages, so no
 * item is skipped or repeated.
 */
export function pageOfShortList<T>(name: ListName, all: readonly T[], idOf: (item: T) => string, query: PageQuery): Page<T> {
  const given = new Set((readCursor(name, query.cursor) ?? []).map(String));
  const rest = all.filter((item) => !given.has(idOf(item)));
  const items = rest.slice(0, query.limit);
  for (const item of items) given.add(idOf(item));
  return { items, nextCursor: rest.length > items.length ? writeCursor(name, [...given]) : null };
}

/** Pages a list in memory by the sort values of its items. */
export function pageOfOrdered<T>(
  name: ListName,
  all: readonly T[],
  valuesOf: (item: T) => readonly SortValue[],
  isBehind: (item: T, values: readonly SortValue[]) => boolean,
  query: PageQuery,
): Page<T> {
  const after = readCursor(name, query.cursor);
  const rest = after === null ? all : all.filter((item) => isBehind(item, after));
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && rest.length > items.length ? writeCursor(name, valuesOf(last)) : null };
}

/** Pages a list in memory that is sorted ascending by a unique key. */
export function pageOfSorted<T>(name: ListName, all: readonly T[], keyOf: (item: T) => string, query: PageQuery): Page<T> {
  return pageOfOrdered(
    name,
    all,
    (item) => [keyOf(item)],
    (item, [after]) => keyOf(item) > String(after),
    query,
  );
}
