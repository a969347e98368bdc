import { useDraftEditor } from "@/components/draft/draft-editor";
import { problemAt } from "@/components/draft/problems";
import { Section } from "@/components/ui/page-body";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { contextPathProblem } from "@/lib/definition/paths";

/** Edits name, version, description, and context path. */
export function GeneralSection() {
  const { copy, edit, problems } = useDraftEditor();
  // The format is checked while typing; the server checks on save whether the path is in use.
  const contextPath = problemAt(problems, "contextPath") ?? contextPathProblem(copy.contextPath);
  return (
    <Section title="General">
      <div className="flex max-w-160 flex-col gap-5">
        <TextField
          label="Name"
          maxLength={120}
          autoComplete="off"
          value={copy.name}
          onChange={(name) => edit((before) => ({ ...before, name }))}
          errorMessage={problemAt(problems, "name")}
        />
        <TextField
          label="Version"
          mono
          maxLength={40}
          autoComplete="off"
          className="max-w-40"
          value={copy.version}
          onChange={(version) => edit((before) => ({ ...before, version }))}
          errorMessage={problemAt(problems, "version")}
        />
        <TextArea
          label="Description"
          isOptional
          maxLength={2000}
          value={copy.description}
          onChange={(description) => edit((before) => ({ ...before, description }))}
          errorMessage={problemAt(problems, "description")}
        />
        <TextField
          label="Context path"
          mono
          autoComplete="off"
          value={copy.contextPath}
          onChange={(value) => edit((before) => ({ ...before, contextPath: value }))}
          errorMessage={contextPath}
          placeholder="/orders"
          description="The path under which the gateways serve this API. Deploy to apply a change."
        />
      </div>
    </Section>
  );
}
