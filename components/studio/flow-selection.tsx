import { useDraftEditor } from "@/components/draft/draft-editor";
import { problemAt } from "@/components/draft/problems";
import { SegmentedControl } from "@/components/ui/segmented-control";

const explanations = {
  all: "Every flow that matches a request runs, from top to bottom.",
  best: "Only the most specific flow that matches a request runs.",
};

/** Selects which of several matching flows run. */
export function FlowSelection() {
  const { copy, edit, problems } = useDraftEditor();
  return (
    <footer className="shrink-0 border-line border-t px-4 py-3 lg:pl-6 xl:pr-4">
      <SegmentedControl
        label="Flow selection"
        options={[
          { id: "all", label: "All matches" },
          { id: "best", label: "Best match" },
        ]}
        value={copy.flowSelection}
        onChange={(flowSelection) => edit((before) => ({ ...before, flowSelection }))}
        description={explanations[copy.flowSelection]}
        errorMessage={problemAt(problems, "flowSelection")}
      />
    </footer>
  );
}
