import { useCallback, useEffect, useState } from "react";
import { emptyInput, type RequestInput } from "./request-input";
import { loadInput, saveInput } from "./saved-input";

/** Holds the edited request, restored from this tab's storage. Null until loaded. */
export function useRequestInput(apiId: string): [input: RequestInput | null, change: (changes: Partial<RequestInput>) => void] {
  const [input, setInput] = useState<RequestInput | null>(null);
  useEffect(() => setInput(loadInput(apiId)), [apiId]);
  useEffect(() => {
    if (input) saveInput(apiId, input);
  }, [apiId, input]);
  const change = useCallback((changes: Partial<RequestInput>) => setInput((current) => ({ ...(current ?? emptyInput), ...changes })), []);
  return [input, change];
}
