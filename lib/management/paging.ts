import { box } from "./context";
import { invalid } from "./errors";

/** What a client asks of a list. */
export interface PageQuery {
  cursor?: string | undefined;
  /** 1 to 200. */
  limit: number;
}

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** The format of cursors: another format gets another prefix, and old cursors an error that says so. */
const PREFIX = "c1.";

type SortValue = string | number;

/** A list: its name, and what narrows it, for example the id of an API. A cursor serves this list alone. */
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
        "This is not a cursor of this list. Send the nextCursor of the previous response unchanged, with the same path and filters, or leave the cursor out to start again.",
    },
  ]);
}

/** The sort values of a cursor; null without one. @throws ManagementError 400 when the cursor is not one of this list */
function readCursor(name: ListName, cursor: string | undefined): SortValue[] | null {
  if (cursor === undefined) return null;
  if (!cursor.startsWith(PREFIX)) notACursor();
  let text: string;
  try {
    text = box().open(cursor.slice(PREFIX.length), ownerOf(name));
  } catch {
    notACursor();
  }
  // Only this process, or another with its key, can have written it: it is what writeCursor was given.
  return JSON.parse(text) as SortValue[];
}

/** A column that a list is sorted by. Together the columns of a list tell its rows apart. */
export interface SortColumn {
  column: string;
  order: "asc" | "desc";
  /** The column is a point in time; otherwise text or a number. */
  isTime?: boolean;
}

/** What Prisma is asked for one page, and one row more, which shows whether there is another. */
interface PageArguments {
  where: { OR?: Record<string, unknown>[] };
  orderBy: Record<string, "asc" | "desc">[];
  take: number;
}

/**
 * Pages by the values of the sort columns, not by a row: what lies behind the last row of a page is found by its values, also
 * when that row is deleted or changed in between.
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
    /** Makes the page of the rows that were found. */
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

/** The columns of lists that are sorted by name. */
export const BY_NAME: readonly SortColumn[] = [
  { column: "name", order: "asc" },
  { column: "id", order: "asc" },
];

/**
 * Pages a short list whose order changes by itself when one of it is deleted or moved. The cursor holds the ids that earlier
 * pages answered, so that the others follow in whatever order they have by then.
 */
export function pageOfShortList<T>(name: ListName, all: readonly T[], idOf: (item: T) => string, query: PageQuery): Page<T> {
  const given = new Set((readCursor(name, query.cursor) ?? []).map(String));
  const rest = all.filter((item) => !given.has(idOf(item)));
  const items = rest.slice(0, query.limit);
  for (const item of items) given.add(idOf(item));
  return { items, nextCursor: rest.length > items.length ? writeCursor(name, [...given]) : null };
}

/** Pages a list that is in memory, by values that say what lies behind them. */
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

/** Pages a list that is in memory, sorted ascending by a text that tells its items apart. */
export function pageOfSorted<T>(name: ListName, all: readonly T[], keyOf: (item: T) => string, query: PageQuery): Page<T> {
  return pageOfOrdered(
    name,
    all,
    (item) => [keyOf(item)],
    (item, [after]) => keyOf(item) > String(after),
    query,
  );
}
