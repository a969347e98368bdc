import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import type { WorkingCopy } from "@/components/draft/working-copy";
import { parseSelection, resolveSelection, type Selection, writeSelection } from "./selection";

/** Holds the studio's selection, synchronized with the URL. */
export function useSelection(copy: WorkingCopy): [Selection | null, (selection: Selection | null) => void] {
  const params = useSearchParams();
  const [wanted, setWanted] = useState(() => parseSelection(params, copy));
  const selection = useMemo(() => resolveSelection(wanted, copy), [wanted, copy]);
  const written = useRef(params.toString());
  const latestCopy = useRef(copy);

  useEffect(() => {
    latestCopy.current = copy;
    // Select the flow shown by default: it must stay selected when it moves.
    if (selection && selection.flowKey !== wanted?.flowKey) setWanted(selection);
    const query = writeSelection(selection, copy);
    if (query === written.current) return;
    written.current = query;
    window.history.replaceState(null, "", query ? `?${query}` : window.location.pathname);
  }, [selection, wanted, copy]);

  useEffect(() => {
    const query = params.toString();
    // Ignore this hook's own URL updates, which can arrive late.
    if (query === written.current || `?${query}` !== window.location.search) return;
    written.current = query;
    setWanted(parseSelection(params, latestCopy.current));
  }, [params]);

  return [selection, setWanted];
}
