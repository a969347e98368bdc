"use client";

import { useId } from "react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { FlowRow } from "./flow-row";
import { REORDER_HELP } from "./reorder";
import { flowTitle, isOpenWithoutCheck } from "./step-words";
import { useStudio, useStudioActions } from "./studio-context";
import { useReorder } from "./use-reorder";

/** Lists the flows, to select and reorder them. */
export function FlowList() {
  const { copy, selection } = useStudio();
  const isOpenUnchecked = isOpenWithoutCheck(copy.flows, copy.flowSelection);
  const { moveFlowTo } = useStudioActions();
  const { problems } = useDraftEditor();
  const helpId = useId();
  const reorder = useReorder({
    axis: "y",
    keys: copy.flows.map(({ key }) => key),
    titleOf: (key) => {
      const flow = copy.flows.find((candidate) => candidate.key === key);
      return flow ? flowTitle(flow) : "";
    },
    noun: "flow",
    onMove: moveFlowTo,
  });
  return (
    <>
      <ol aria-label="Flows" ref={reorder.listRef} className="flex flex-col pb-2">
        {copy.flows.map((flow, index) => {
          const own = problems.filter(
            ({ anchor }) => (anchor.kind === "flow" && anchor.key === flow.key) || (anchor.kind === "step" && anchor.flowKey === flow.key),
          );
          return (
            <FlowRow
              key={flow.key}
              flow={flow}
              index={index}
              count={copy.flows.length}
              isOpenUnchecked={isOpenUnchecked}
              isSelected={selection?.flowKey === flow.key}
              problemCount={own.length}
              reorder={reorder}
              helpId={helpId}
            />
          );
        })}
      </ol>
      <p id={helpId} className="sr-only">
        {REORDER_HELP}
      </p>
      <p role="status" className="sr-only">
        {reorder.announcement}
      </p>
    </>
  );
}
