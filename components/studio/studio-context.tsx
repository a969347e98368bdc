"use client";

import { type Context, createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import {
  addFlow,
  addResource,
  addStep,
  flowCopy,
  type Lane,
  moveFlow,
  moveStep,
  newStep,
  removeFlow,
  removeStep,
  stepCopy,
  stepUsing,
  updateFlow,
  updateStep,
  usableResourceTypes,
} from "@/components/draft/edits";
import { type FlowItem, keyedFlow, type ResourceItem, type StepItem, type WorkingCopy } from "@/components/draft/working-copy";
import { notify } from "@/components/ui/notify";
import { tokenPolicyOf } from "@/lib/definition/requirements";
import type { Flow, Step } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import { focusLater } from "./focus-later";
import type { Selection } from "./selection";
import { flowTitle, stepTitle } from "./step-words";
import { useSelection } from "./use-selection";

/** The visible pane on narrow screens. */
export type Pane = "flows" | "lanes" | "form";

/** The position at which a policy is added. */
export interface CataloguePlace {
  lane: Lane;
  index: number;
}

/** A step that requires a resource which doesn't exist yet. */
export interface ResourceWish {
  lane: Lane;
  stepKey: string;
  types: readonly string[];
}

/** The studio's state. */
export interface Studio {
  copy: WorkingCopy;
  selection: Selection | null;
  flow: FlowItem | undefined;
  step: StepItem | undefined;
  pane: Pane;
  catalogue: CataloguePlace | null;
  resourceWish: ResourceWish | null;
}

/** The studio's actions. Stable across renders: typing doesn't re-render long lists. */
export interface StudioActions {
  show: (pane: Pane) => void;
  selectFlow: (key: string) => void;
  editMatch: (key: string) => void;
  selectStep: (lane: Lane, key: string, options?: { focus?: boolean }) => void;
  openCatalogue: (place: CataloguePlace | null) => void;
  wishResource: (wish: ResourceWish | null) => void;
  grantResource: (resource: ResourceItem) => void;
  addNewFlow: () => void;
  requireTokenForEverything: () => void;
  changeFlow: (key: string, change: Partial<Pick<Flow, "name" | "enabled" | "match">>) => void;
  moveFlowTo: (key: string, to: number) => void;
  duplicateFlow: (flow: FlowItem) => void;
  dropFlow: (flow: FlowItem) => void;
  addPolicy: (place: CataloguePlace, policyId: string) => void;
  changeStep: (lane: Lane, key: string, change: Partial<Step>) => void;
  moveStepTo: (lane: Lane, key: string, to: number) => void;
  duplicateStep: (lane: Lane, step: StepItem) => void;
  dropStep: (lane: Lane, step: StepItem) => void;
}

const StudioContext = createContext<Studio | null>(null);
const StudioActionsContext = createContext<StudioActions | null>(null);

function useInside<T>(context: Context<T | null>): T {
  const value = useContext(context);
  if (!value) throw new Error("useStudio requires a StudioProvider.");
  return value;
}

/** Returns the studio's state. */
export const useStudio = (): Studio => useInside(StudioContext);

/** Returns the studio's actions. */
export const useStudioActions = (): StudioActions => useInside(StudioActionsContext);

const blankFlow = (changes: Partial<Flow> = {}): FlowItem =>
  keyedFlow({
    name: "New flow",
    enabled: true,
    match: { path: "/", operator: "startsWith", methods: [] },
    request: [],
    response: [],
    ...changes,
  });

/** Selects a new step's resource if only one is usable. */
function withOnlyResource(step: StepItem, copy: WorkingCopy): StepItem {
  const types = usableResourceTypes(step.policy);
  const usable = copy.resources.filter((resource) => types.includes(resource.type));
  const [only] = usable;
  return only && usable.length === 1 ? stepUsing(step, only.name) : step;
}

/** Provides the studio's state and actions. */
export function StudioProvider({ children }: { children: ReactNode }) {
  const { copy, edit } = useDraftEditor();
  const [selection, select] = useSelection(copy);
  const [pane, show] = useState<Pane>(() => (selection?.step ? "form" : "flows"));
  const [catalogue, openCatalogue] = useState<CataloguePlace | null>(null);
  const [resourceWish, wishResource] = useState<ResourceWish | null>(null);

  const latest = useRef({ copy, selection, resourceWish });
  useLayoutEffect(() => {
    latest.current = { copy, selection, resourceWish };
  });

  const actions = useMemo<StudioActions>(() => {
    const selectStep: StudioActions["selectStep"] = (lane, key, options) => {
      select({ flowKey: lane.flowKey, step: { phase: lane.phase, key } });
      show("form");
      if (options?.focus) focusLater("[data-studio-form]");
    };
    const editMatch = (key: string) => {
      select({ flowKey: key });
      show("form");
    };
    const wishFor = (lane: Lane, added: StepItem, from: WorkingCopy) => {
      const types = usableResourceTypes(added.policy);
      if (types.length > 0 && !from.resources.some((resource) => types.includes(resource.type)))
        wishResource({ lane, stepKey: added.key, types });
    };

    return {
      show,
      selectFlow(key) {
        select({ flowKey: key });
        show("lanes");
      },
      editMatch,
      selectStep,
      openCatalogue,
      wishResource,
      grantResource(resource) {
        const wish = latest.current.resourceWish;
        edit((before) => {
          const added = addResource(before, resource);
          const wishing =
            wish && added.flows.find(({ key }) => key === wish.lane.flowKey)?.[wish.lane.phase].find(({ key }) => key === wish.stepKey);
          return wish && wishing ? updateStep(added, wish.lane, wishing.key, { config: stepUsing(wishing, resource.name).config }) : added;
        });
        wishResource(null);
      },
      addNewFlow() {
        const added = blankFlow();
        edit((before) => addFlow(before, added));
        editMatch(added.key);
        focusLater("[data-studio-form]");
      },
      requireTokenForEverything() {
        const { copy } = latest.current;
        const policy = tokenPolicyOf(registry);
        if (!policy) return;
        const guard = withOnlyResource(newStep(policy.id), copy);
        const added: FlowItem = { ...blankFlow({ name: "Everything needs a token" }), request: [guard] };
        const lane: Lane = { flowKey: added.key, phase: "request" };
        edit((before) => addFlow(before, added, 0));
        selectStep(lane, guard.key, { focus: true });
        wishFor(lane, guard, copy);
      },
      changeFlow: (key, change) => edit((before) => updateFlow(before, key, change)),
      moveFlowTo: (key, to) => edit((before) => moveFlow(before, key, to)),
      duplicateFlow(original) {
        const twin = flowCopy(original);
        edit((before) => addFlow(before, twin, before.flows.findIndex(({ key }) => key === original.key) + 1));
        select({ flowKey: twin.key });
      },
      dropFlow(gone) {
        const { copy, selection } = latest.current;
        const index = copy.flows.findIndex(({ key }) => key === gone.key);
        const next = copy.flows[index + 1] ?? copy.flows[index - 1];
        edit((before) => removeFlow(before, gone.key));
        if (selection?.flowKey === gone.key) select(next ? { flowKey: next.key } : null);
        show("flows");
        focusLater(next ? `[data-flow="${next.key}"]` : "[data-add-flow]");
        notify.info(`Removed flow ${flowTitle(gone)}`, {
          action: { label: "Undo", onPress: () => edit((before) => addFlow(before, gone, index)) },
        });
      },
      addPolicy(place, policyId) {
        const added = withOnlyResource(newStep(policyId), latest.current.copy);
        edit((before) => addStep(before, place.lane, added, place.index));
        openCatalogue(null);
        selectStep(place.lane, added.key, { focus: true });
      },
      changeStep: (lane, key, change) => edit((before) => updateStep(before, lane, key, change)),
      moveStepTo: (lane, key, to) => edit((before) => moveStep(before, lane, key, to)),
      duplicateStep(lane, original) {
        const twin = stepCopy(original);
        edit((before) =>
          addStep(
            before,
            lane,
            twin,
            (before.flows.find(({ key }) => key === lane.flowKey)?.[lane.phase].findIndex(({ key }) => key === original.key) ?? 0) + 1,
          ),
        );
        selectStep(lane, twin.key);
      },
      dropStep(lane, gone) {
        const steps = latest.current.copy.flows.find(({ key }) => key === lane.flowKey)?.[lane.phase] ?? [];
        const index = steps.findIndex(({ key }) => key === gone.key);
        const next = steps[index + 1] ?? steps[index - 1];
        edit((before) => removeStep(before, lane, gone.key));
        show("lanes");
        focusLater(next ? `[data-step="${next.key}"]` : `[data-insert="${lane.phase}.0"]`);
        notify.info(`Removed ${stepTitle(gone)}`, {
          action: { label: "Undo", onPress: () => edit((before) => addStep(before, lane, gone, index)) },
        });
      },
    };
  }, [edit, select]);

  const studio = useMemo<Studio>(() => {
    const flow = copy.flows.find(({ key }) => key === selection?.flowKey);
    const step = selection?.step && flow?.[selection.step.phase].find(({ key }) => key === selection.step?.key);
    return { copy, selection, flow, step, pane, catalogue, resourceWish };
  }, [copy, selection, pane, catalogue, resourceWish]);

  return (
    <StudioActionsContext.Provider value={actions}>
      <StudioContext.Provider value={studio}>{children}</StudioContext.Provider>
    </StudioActionsContext.Provider>
  );
}
