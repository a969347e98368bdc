import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import type { WorkingCopy } from "@/components/draft/working-copy";
import { parseSelection, resolveSelection, type Selection, writeSelection } from "./selection";

/** What is selected in the studio, mirrored in the URL. A link to another place in the studio selects that. */
export function useSelection(copy: WorkingCopy): [Selection | null, (selection: Selection | null) => void] {
  const params = useSearchParams();
  const [wanted, setWanted] = useState(() => parseSelection(params, copy));
  const selection = useMemo(() => resolveSelection(wanted, copy), [wanted, copy]);
  const written = useRef(params.toString());
  const latestCopy = useRef(copy);

  useEffect(() => {
    latestCopy.current = copy;
    // The flow that is shown because nothing was chosen is chosen from then on, so that it stays when it moves.
    if (selection && selection.flowKey !== wanted?.flowKey) setWanted(selection);
    const query = writeSelection(selection, copy);
    if (query === written.current) return;
    written.current = query;
    window.history.replaceState(null, "", query ? `?${query}` : window.location.pathname);
  }, [selection, wanted, copy]);

  useEffect(() => {
    const query = params.toString();
    // What this hook wrote itself arrives here too, and perhaps late; only a link that was followed counts.
    if (query === written.current || `?${query}` !== window.location.search) return;
    written.current = query;
    setWanted(parseSelection(params, latestCopy.current));
  }, [params]);

  return [selection, setWanted];
}
