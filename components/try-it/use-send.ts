import { useCallback, useEffect, useRef, useState } from "react";
import type { TryInput } from "@/components/data/apis";
import { call } from "@/components/data/client";
import type { TryAnswer } from "@/lib/management/contract/apis";

/** What came of the last call. The former answer stays until the next one is there. */
export interface SendState {
  answer: TryAnswer | null;
  error: unknown;
  isSending: boolean;
}

/** Sends calls through the gateway, one at a time; a call under way can be given up. */
export function useSend(apiId: string) {
  const [state, setState] = useState<SendState>({ answer: null, error: null, isSending: false });
  const underWay = useRef<AbortController | null>(null);
  useEffect(() => () => underWay.current?.abort(), []);

  const send = useCallback(
    async (input: TryInput) => {
      underWay.current?.abort();
      const controller = new AbortController();
      underWay.current = controller;
      setState((former) => ({ ...former, error: null, isSending: true }));
      try {
        const { data } = await call<TryAnswer>(`/apis/${apiId}/try`, { method: "POST", body: input, signal: controller.signal });
        setState({ answer: data, error: null, isSending: false });
      } catch (error) {
        if (controller.signal.aborted) return;
        setState({ answer: null, error, isSending: false });
      }
    },
    [apiId],
  );

  const cancel = useCallback(() => {
    underWay.current?.abort();
    setState((former) => ({ ...former, isSending: false }));
  }, []);

  return { ...state, send, cancel };
}
