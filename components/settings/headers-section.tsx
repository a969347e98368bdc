import { useDraftEditor } from "@/components/draft/draft-editor";
import { invalidIndexes, messageAt } from "@/components/schema-form/values";
import { ListField } from "@/components/ui/list-field";
import { Section } from "@/components/ui/page-body";

/** Request headers that pass although their names have other characters than letters, digits and hyphens. */
export function HeadersSection() {
  const { copy, edit, problems: placed } = useDraftEditor();
  const problems = placed.filter(({ anchor }) => anchor.kind === "api");
  const path = "headers.allowOtherNames";
  return (
    <Section
      title="Headers"
      description="Gateways pass request headers whose names consist of letters, digits and hyphens. Many backends read X_Admin as X-Admin, so other names are removed."
    >
      <ListField
        label="Other header names"
        isOptional
        className="max-w-160"
        value={copy.headers?.allowOtherNames ?? []}
        onChange={(allowOtherNames) => edit((before) => ({ ...before, headers: { allowOtherNames } }))}
        errorMessage={messageAt(problems, path)}
        invalidIndexes={invalidIndexes(problems, path)}
        placeholder="X_Api_Key"
        description="Names that this backend needs as they are. Steps that set or remove X-Api-Key apply to X_Api_Key, too."
      />
    </Section>
  );
}
