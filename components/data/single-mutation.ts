import { type MutateOptions, type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { useCallback, useRef } from "react";

/**
 * A mutation that runs at most once at a time. A second press before the button is disabled joins the first run: no
 * duplicate deployment or application. Its functions are stable, like those of `useMutation`.
 */
export function useSingleMutation<TData, TVariables = void>(options: UseMutationOptions<TData, Error, TVariables>) {
  const mutation = useMutation(options);
  const running = useRef<Promise<TData> | null>(null);
  const { mutateAsync: start } = mutation;
  const mutateAsync = useCallback(
    (variables: TVariables, callOptions?: MutateOptions<TData, Error, TVariables>): Promise<TData> => {
      running.current ??= start(variables, callOptions).finally(() => {
        running.current = null;
      });
      return running.current;
    },
    [start],
  );
  const mutate = useCallback(
    (variables: TVariables, callOptions?: MutateOptions<TData, Error, TVariables>): void => {
      // The mutation's state holds the error.
      mutateAsync(variables, callOptions).catch(() => undefined);
    },
    [mutateAsync],
  );
  /** Returns whether it's running now; rendered state can be outdated. */
  const isRunning = useCallback(() => running.current !== null, []);
  return { ...mutation, mutate, mutateAsync, isRunning };
}
