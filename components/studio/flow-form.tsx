"use client";

import { useDraftEditor } from "@/components/draft/draft-editor";
import { problemsOfAnchor } from "@/components/draft/problems";
import type { FlowItem } from "@/components/draft/working-copy";
import { messageAt } from "@/components/schema-form/values";
import { Banner } from "@/components/ui/banner";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { TextField } from "@/components/ui/text-field";
import { FormHeading } from "./form-heading";
import { MethodsField } from "./methods-field";
import { PathSuggestions } from "./path-suggestions";
import { flowTitle } from "./step-words";
import { useStudio, useStudioActions } from "./studio-context";

const operatorHelp = {
  startsWith: "This path and everything below it.",
  equals: "This path only, with or without a trailing slash.",
};

/** Edits a flow's name and match. */
export function FlowForm({ flow }: { flow: FlowItem }) {
  const { copy } = useStudio();
  const { changeFlow } = useStudioActions();
  const { apiId, problems } = useDraftEditor();
  const own = problemsOfAnchor(problems, { kind: "flow", key: flow.key });
  const shown = ["name", "match.path", "match.operator", "match.methods"];
  const strays = own.filter(({ path }) => !shown.some((field) => path.startsWith(field)));
  const place = `Flow ${copy.flows.findIndex(({ key }) => key === flow.key) + 1} of ${copy.flows.length}`;
  const changeMatch = (change: Partial<FlowItem["match"]>) => changeFlow(flow.key, { match: { ...flow.match, ...change } });
  return (
    <form aria-label={`Flow ${flowTitle(flow)}`} className="flex flex-col gap-5 px-4 py-3" onSubmit={(event) => event.preventDefault()}>
      <FormHeading title={flowTitle(flow)} place={place} />
      {strays.length > 0 && (
        <Banner meaning="failing" isAlert>
          {strays.map(({ message }) => message).join(" ")}
        </Banner>
      )}
      <TextField
        label="Name"
        isOptional
        maxLength={120}
        autoComplete="off"
        value={flow.name}
        onChange={(name) => changeFlow(flow.key, { name })}
        errorMessage={messageAt(own, "name")}
        description="Default: the flow's match."
      />
      <TextField
        label="Path"
        mono
        autoComplete="off"
        value={flow.match.path}
        onChange={(path) => changeMatch({ path })}
        errorMessage={messageAt(own, "match.path")}
        placeholder="/items/:id"
        trailing={<PathSuggestions apiId={apiId} onChoose={(path) => changeMatch({ path })} />}
        description={
          <>
            Relative to <code>{copy.contextPath}</code>. <code>:name</code> matches one segment.
          </>
        }
      />
      <SegmentedControl
        label="Operator"
        options={[
          { id: "startsWith", label: "Starts with" },
          { id: "equals", label: "Equals" },
        ]}
        value={flow.match.operator}
        onChange={(operator) => changeMatch({ operator })}
        description={operatorHelp[flow.match.operator]}
        errorMessage={messageAt(own, "match.operator")}
      />
      <MethodsField
        value={flow.match.methods}
        onChange={(methods) => changeMatch({ methods })}
        errorMessage={messageAt(own, "match.methods")}
      />
    </form>
  );
}
