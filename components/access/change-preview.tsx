import { ChangeList } from "@/components/deployments/change-list";
import { ProtectionChange } from "@/components/deployments/protection-change";
import { Banner } from "@/components/ui/banner";
import type { Definition } from "@/lib/definition/schema";
import type { DraftChange } from "./draft-change";

interface ChangePreviewProps {
  edited: Definition;
  change: DraftChange;
  /** The text shown when the change has no effect. */
  nothing: string;
}

/** Previews the effect of a change on the draft. */
export function ChangePreview({ edited, change, nothing }: ChangePreviewProps) {
  if (change.changes.length === 0) return <p className="max-w-measure">{change.notes.join(" ") || nothing}</p>;
  return (
    <div className="flex flex-col gap-3">
      <ProtectionChange before={edited} after={change.definition} />
      <ChangeList label="Changes to the draft" changes={change.changes} />
      {change.notes.length > 0 && (
        <Banner meaning="pending" title="Note">
          <ul className="flex flex-col gap-1">
            {change.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Banner>
      )}
    </div>
  );
}
