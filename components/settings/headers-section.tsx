import { useDraftEditor } from "@/components/draft/draft-editor";
import { invalidIndexes, messageAt } from "@/components/schema-form/values";
import { ListField } from "@/components/ui/list-field";
import { Section } from "@/components/ui/page-body";

/** Edits the request headers to pass despite characters other than letters, digits, and hyphens. */
export function HeadersSection() {
  const { copy, edit, problems: placed } = useDraftEditor();
  const problems = placed.filter(({ anchor }) => anchor.kind === "api");
  const path = "headers.allowOtherNames";
  return (
    <Section
      title="Headers"
      description="Gateways pass request headers named with letters, digits, and hyphens and remove others: many backends read X_Admin as X-Admin."
    >
      <ListField
        label="Additional header names"
        isOptional
        className="max-w-160"
        value={copy.headers?.allowOtherNames ?? []}
        onChange={(allowOtherNames) => edit((before) => ({ ...before, headers: { allowOtherNames } }))}
        errorMessage={messageAt(problems, path)}
        invalidIndexes={invalidIndexes(problems, path)}
        placeholder="X_Api_Key"
        description="Names to pass unchanged. Steps that set or remove X-Api-Key also apply to X_Api_Key."
      />
    </Section>
  );
}
