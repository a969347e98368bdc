"use client";

import { SquarePen } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Switch } from "@/components/ui/switch";
import { FlowMatch } from "./flow-match";
import { LanesPicture } from "./lanes-picture";
import { NoFlow } from "./no-flow";
import { Pane } from "./pane";
import { flowTitle } from "./step-words";
import { useStudio, useStudioActions } from "./studio-context";

/** The selected flow: its match and the lanes with its steps. */
export function LanesPane() {
  const { flow } = useStudio();
  const { editMatch, changeFlow } = useStudioActions();
  return (
    <Pane name="lanes" label="Steps" back={{ to: "flows", label: "Flows" }} className="xl:flex-1">
      {flow ? (
        <div className="flex min-h-0 grow flex-col overflow-y-auto">
          <header className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 pt-2.5 pb-3">
            <div className="min-w-0 flex-1 basis-48">
              <h2 className="truncate font-semibold text-lg" title={flowTitle(flow)}>
                {flowTitle(flow)}
              </h2>
              <FlowMatch match={flow.match} className="block break-all text-muted" />
            </div>
            <div className="flex h-8 items-center gap-3">
              <Switch label="Enabled" isSelected={flow.enabled} onChange={(enabled) => changeFlow(flow.key, { enabled })} />
              <Button size="small" icon={<SquarePen aria-hidden className="size-3.5" />} onPress={() => editMatch(flow.key)}>
                Edit match
              </Button>
            </div>
          </header>
          <LanesPicture flow={flow} />
        </div>
      ) : (
        <NoFlow />
      )}
    </Pane>
  );
}
