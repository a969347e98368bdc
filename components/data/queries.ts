import { type InvalidateQueryFilters, type QueryClient, type QueryKey, queryOptions, useQueryClient } from "@tanstack/react-query";
import { type CallName, type CallOptions, isOutdated, type PathOptions, pathOf, type ResponseOf, read } from "./client";
import { type ListName, readAll } from "./lists";
import { useSingleMutation } from "./single-mutation";

/** Returns an operation's cache key: its path segments. An item's key is a prefix of its children's keys. */
export function keyOf<Name extends CallName>(name: Name, options: PathOptions<Name>): QueryKey;
export function keyOf(name: CallName, options: { params?: Readonly<Record<string, unknown>>; signal?: unknown }): QueryKey {
  return pathOf(name, options.params).slice(1).split("/");
}

/** Reads the response of an operation. */
export const queryOf = <Name extends CallName>(name: Name, options: CallOptions<Name>) =>
  queryOptions({ queryKey: keyOf(name, options), queryFn: ({ signal }) => read(name, { ...options, signal }) });

/** Reads every page of a list. */
export const listOf = <Name extends ListName>(name: Name, options: CallOptions<Name>) =>
  queryOptions({ queryKey: keyOf(name, options), queryFn: ({ signal }) => readAll(name, { ...options, signal }) });

/** How a change affects cached queries. */
interface Effects<Data> {
  /** Queries to reload after success or 412. */
  refreshes?: readonly InvalidateQueryFilters[];
  /** Queries to reload after 412 only, because success removes their data. */
  outdates?: readonly InvalidateQueryFilters[];
  /** Writes the response to the cache, or removes deleted data. */
  caches?: (client: QueryClient, data: Data) => void;
}

/** A mutation that calls one operation with the options that `given` returns. */
export function useChange<Name extends CallName, Variables = void>(
  name: Name,
  given: (variables: Variables) => CallOptions<Name>,
  { refreshes = [], outdates = [], caches }: Effects<ResponseOf<Name>> = {},
) {
  const client = useQueryClient();
  const refresh = (all: readonly InvalidateQueryFilters[]) => Promise.all(all.map((filters) => client.invalidateQueries(filters)));
  return useSingleMutation<ResponseOf<Name>, Variables>({
    mutationFn: (variables) => read(name, given(variables)),
    onSuccess: (data) => {
      caches?.(client, data);
      return refresh(refreshes);
    },
    onError: (error) => (isOutdated(error) ? refresh([...refreshes, ...outdates]) : undefined),
  });
}
