import { useDraftEditor } from "@/components/draft/draft-editor";
import { Section } from "@/components/ui/page-body";
import { Switch } from "@/components/ui/switch";

/** Exceptions from what the gateways refuse before matching. */
export function PathsSection() {
  const { copy, edit } = useDraftEditor();
  const change = (part: Partial<typeof copy.paths>) => edit((before) => ({ ...before, paths: { ...before.paths, ...part } }));
  return (
    <Section
      title="Paths"
      description="Gateways refuse these in paths, because backends read them differently. Accept them only where this backend needs them."
    >
      <div className="flex max-w-160 flex-col gap-3">
        <Switch
          label="Accept ; in paths"
          isSelected={copy.paths.allowSemicolon}
          onChange={(allowSemicolon) => change({ allowSemicolon })}
        />
        <Switch
          label="Accept %2f in paths"
          isSelected={copy.paths.allowEncodedSlash}
          onChange={(allowEncodedSlash) => change({ allowEncodedSlash })}
        />
      </div>
    </Section>
  );
}
