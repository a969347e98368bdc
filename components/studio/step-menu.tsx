"use client";

import { ArrowLeft, ArrowRight, Copy, Ellipsis, Power, SquarePen, Trash2 } from "lucide-react";
import type { Lane } from "@/components/draft/edits";
import type { StepItem } from "@/components/draft/working-copy";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { stepTitle } from "./step-words";
import { useStudioActions } from "./studio-context";

/** The actions of a step. Left and right are those of the lane: in the response, left runs later. */
export function StepMenu({ step, index, count, lane }: { step: StepItem; index: number; count: number; lane: Lane }) {
  const { selectStep, changeStep, duplicateStep, moveStepTo, dropStep } = useStudioActions();
  const isReversed = lane.phase === "response";
  const [left, right] = isReversed ? [index + 1, index - 1] : [index - 1, index + 1];
  const isPlace = (at: number) => at >= 0 && at < count;
  const label = `Actions for ${stepTitle(step)}, step ${index + 1} of the ${lane.phase}`;
  return (
    <Menu
      label={label}
      trigger={
        <IconButton label={label} size="small">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      <MenuItem icon={<SquarePen aria-hidden />} onAction={() => selectStep(lane, step.key, { focus: true })}>
        Edit
      </MenuItem>
      <MenuItem icon={<Power aria-hidden />} onAction={() => changeStep(lane, step.key, { enabled: !step.enabled })}>
        {step.enabled ? "Disable" : "Enable"}
      </MenuItem>
      <MenuItem icon={<Copy aria-hidden />} onAction={() => duplicateStep(lane, step)}>
        Duplicate
      </MenuItem>
      <MenuItem
        icon={<ArrowLeft aria-hidden />}
        description={isReversed ? "Runs later" : "Runs earlier"}
        isDisabled={!isPlace(left)}
        onAction={() => moveStepTo(lane, step.key, left)}
      >
        Move left
      </MenuItem>
      <MenuItem
        icon={<ArrowRight aria-hidden />}
        description={isReversed ? "Runs earlier" : "Runs later"}
        isDisabled={!isPlace(right)}
        onAction={() => moveStepTo(lane, step.key, right)}
      >
        Move right
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onAction={() => dropStep(lane, step)}>
        Remove
      </MenuItem>
    </Menu>
  );
}
