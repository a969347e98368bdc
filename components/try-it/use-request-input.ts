import { useCallback, useEffect, useState } from "react";
import { emptyInput, type RequestInput } from "./request-input";
import { loadInput, saveInput } from "./saved-input";

/** The call being put together, as it was left in this tab. Null until the browser's store has been read. */
export function useRequestInput(apiId: string): [input: RequestInput | null, change: (changes: Partial<RequestInput>) => void] {
  const [input, setInput] = useState<RequestInput | null>(null);
  useEffect(() => setInput(loadInput(apiId)), [apiId]);
  useEffect(() => {
    if (input) saveInput(apiId, input);
  }, [apiId, input]);
  const change = useCallback((changes: Partial<RequestInput>) => setInput((current) => ({ ...(current ?? emptyInput), ...changes })), []);
  return [input, change];
}
