import { useCallback, useEffect, useRef, useState } from "react";
import type { TryInput } from "@/components/data/apis";
import { read } from "@/components/data/client";
import type { TryResponse } from "@/lib/management/contract/apis";

/** The state of the last request. The previous response stays while sending and is removed after a failure. */
export interface SendState {
  answer: TryResponse | null;
  error: unknown;
  /** Why there's no response without an error: an incomplete or canceled request. */
  notSent: string | null;
  isSending: boolean;
}

const NOTHING: SendState = { answer: null, error: null, notSent: null, isSending: false };

/** Sends one request at a time through the gateway; it can be canceled. */
export function useSend(apiId: string) {
  const [state, setState] = useState<SendState>(NOTHING);
  const underWay = useRef<AbortController | null>(null);
  useEffect(() => () => underWay.current?.abort(), []);

  const send = useCallback(
    async (input: TryInput) => {
      underWay.current?.abort();
      const controller = new AbortController();
      underWay.current = controller;
      setState((former) => ({ ...former, error: null, notSent: null, isSending: true }));
      try {
        const answer = await read("tryApi", { params: { id: apiId }, body: input, signal: controller.signal });
        setState({ ...NOTHING, answer });
      } catch (error) {
        if (controller.signal.aborted) return;
        setState({ ...NOTHING, error });
      }
    },
    [apiId],
  );

  const refuse = useCallback((notSent: string) => {
    underWay.current?.abort();
    setState({ ...NOTHING, notSent });
  }, []);
  const cancel = useCallback(() => refuse("You canceled the request. It may have reached the backend."), [refuse]);

  return { ...state, send, cancel, refuse };
}
