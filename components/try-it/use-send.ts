import { useCallback, useEffect, useRef, useState } from "react";
import type { TryInput } from "@/components/data/apis";
import { read } from "@/components/data/client";
import type { TryAnswer } from "@/lib/management/contract/apis";

/** What came of the last try. While one is sent, the former answer stays; after one that failed in any way, there is none. */
export interface SendState {
  answer: TryAnswer | null;
  error: unknown;
  /** Why there is no answer although nothing failed on the way: the request was not complete, or it was canceled. */
  notSent: string | null;
  isSending: boolean;
}

const NOTHING: SendState = { answer: null, error: null, notSent: null, isSending: false };

/** Sends calls through the gateway, one at a time; a call under way can be given up. */
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
