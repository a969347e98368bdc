import { KeyRound } from "lucide-react";
import { Button } from "@/components/ui/button";
import { MeaningShape } from "@/components/ui/state-mark";
import { BackendPost, CallerPost } from "./posts";
import { useStudioActions } from "./studio-context";

/** The middle pane without flows: a direct line, and a button to require a token. */
export function NoFlow() {
  const { requireTokenForEverything, addNewFlow } = useStudioActions();
  return (
    <div className="flex min-h-0 grow flex-col gap-6 overflow-y-auto px-4 py-4">
      <div className="flex h-40 items-stretch">
        <CallerPost />
        <div className="relative min-w-16 flex-1">
          <span aria-hidden className="absolute inset-x-0 top-1/2 h-px bg-open" />
          <span className="-translate-x-1/2 -translate-y-1/2 absolute top-1/2 left-1/2 flex items-center gap-1.5 whitespace-nowrap bg-surface px-2 font-medium text-open text-xs">
            <MeaningShape meaning="open" />
            Anyone may call
          </span>
        </div>
        <BackendPost />
      </div>
      <div className="flex flex-col items-start gap-4">
        <p className="max-w-measure text-base text-muted">Without a flow, every request goes directly to the backend.</p>
        <div className="flex flex-wrap gap-2">
          <Button icon={<KeyRound aria-hidden className="size-4" />} onPress={requireTokenForEverything}>
            Require a token for all operations
          </Button>
          <Button variant="quiet" onPress={addNewFlow}>
            Add flow
          </Button>
        </div>
      </div>
    </div>
  );
}
