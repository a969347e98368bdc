"use client";

import { Plus } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { FlowList } from "./flow-list";
import { FlowSelection } from "./flow-selection";
import { Pane } from "./pane";
import { useStudio, useStudioActions } from "./studio-context";

/** The flows in execution order. */
export function FlowsPane() {
  const { copy } = useStudio();
  const { addNewFlow } = useStudioActions();
  return (
    <Pane name="flows" label="Flows" className="border-line xl:w-70 xl:shrink-0 xl:border-r">
      <header className="flex h-11 shrink-0 items-center gap-2 pr-2 pl-4 lg:pl-6 xl:pr-2">
        <h2 className="font-semibold text-base">Flows</h2>
        <span className="text-muted text-xs tabular-nums">{copy.flows.length > 0 && copy.flows.length}</span>
        <IconButton label="Add flow" onPress={addNewFlow} className="ml-auto" data-add-flow="">
          <Plus aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 grow overflow-y-auto">
        {copy.flows.length > 0 ? (
          <FlowList />
        ) : (
          <p className="px-4 text-muted lg:px-6 xl:pr-4">No flows. A flow matches requests and applies policies.</p>
        )}
      </div>
      {copy.flows.length > 1 && <FlowSelection />}
    </Pane>
  );
}
