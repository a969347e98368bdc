"use client";

import { ArrowDown, ArrowUp, Copy, Ellipsis, Power, SquarePen, Trash2 } from "lucide-react";
import type { FlowItem } from "@/components/draft/working-copy";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { flowTitle } from "./step-words";
import { useStudioActions } from "./studio-context";

/** The actions of a flow. */
export function FlowMenu({ flow, index, count }: { flow: FlowItem; index: number; count: number }) {
  const { editMatch, moveFlowTo, duplicateFlow, changeFlow, dropFlow } = useStudioActions();
  const title = flowTitle(flow);
  return (
    <Menu
      label={`Actions for flow ${title}`}
      trigger={
        <IconButton label={`Actions for flow ${title}`} size="small">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem icon={<SquarePen aria-hidden />} onAction={() => editMatch(flow.key)}>
        Edit match
      </MenuItem>
      <MenuItem icon={<ArrowUp aria-hidden />} isDisabled={index === 0} onAction={() => moveFlowTo(flow.key, index - 1)}>
        Move up
      </MenuItem>
      <MenuItem icon={<ArrowDown aria-hidden />} isDisabled={index === count - 1} onAction={() => moveFlowTo(flow.key, index + 1)}>
        Move down
      </MenuItem>
      <MenuItem icon={<Copy aria-hidden />} onAction={() => duplicateFlow(flow)}>
        Duplicate
      </MenuItem>
      <MenuItem icon={<Power aria-hidden />} onAction={() => changeFlow(flow.key, { enabled: !flow.enabled })}>
        {flow.enabled ? "Disable" : "Enable"}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onAction={() => dropFlow(flow)}>
        Remove
      </MenuItem>
    </Menu>
  );
}
