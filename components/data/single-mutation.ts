import { type MutateOptions, type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { useCallback, useRef } from "react";

/**
 * A mutation that runs once at a time. A second press that comes before the button could be disabled joins the
 * first instead of doing the same again: no second deployment, no second application. Its functions keep their
 * identity, as those of `useMutation` do.
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
      // What goes wrong is in the mutation's state.
      mutateAsync(variables, callOptions).catch(() => undefined);
    },
    [mutateAsync],
  );
  /** Whether it runs at this very moment; the state of the last drawing may be behind. */
  const isRunning = useCallback(() => running.current !== null, []);
  return { ...mutation, mutate, mutateAsync, isRunning };
}
