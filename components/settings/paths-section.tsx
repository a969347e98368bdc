import { useDraftEditor } from "@/components/draft/draft-editor";
import { Section } from "@/components/ui/page-body";
import { Switch } from "@/components/ui/switch";

/** Edits exceptions to the path characters that gateways reject before matching. */
export function PathsSection() {
  const { copy, edit } = useDraftEditor();
  const change = (part: Partial<typeof copy.paths>) => edit((before) => ({ ...before, paths: { ...before.paths, ...part } }));
  return (
    <Section
      title="Paths"
      description="Gateways reject these in paths because backends interpret them differently. Allow them only if this backend requires it."
    >
      <div className="flex max-w-160 flex-col gap-3">
        <Switch label="Allow ; in paths" isSelected={copy.paths.allowSemicolon} onChange={(allowSemicolon) => change({ allowSemicolon })} />
        <Switch
          label="Allow %2f in paths"
          isSelected={copy.paths.allowEncodedSlash}
          onChange={(allowEncodedSlash) => change({ allowEncodedSlash })}
        />
      </div>
    </Section>
  );
}
