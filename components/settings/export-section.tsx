import { Download } from "lucide-react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { buttonStyle } from "@/components/ui/button-style";
import { Section } from "@/components/ui/page-body";

/** The saved draft as a file. */
export function ExportSection() {
  const { apiId, isDirty } = useDraftEditor();
  return (
    <Section
      title="Export"
      description={`The saved draft as a document, without secrets. It can be imported again, here or in another Gatewright.${isDirty ? " Your unsaved changes are not in it." : ""}`}
    >
      <div className="flex flex-wrap gap-2">
        {(["yaml", "json"] as const).map((format) => (
          // A download leaves the page where it is, so the leave guard has nothing to ask.
          <a
            key={format}
            href={`/api/v1/apis/${apiId}/export?format=${format}`}
            download={`${apiId}.${format}`}
            className={buttonStyle("secondary", "medium")}
          >
            <Download aria-hidden className="size-4" />
            Export {format.toUpperCase()}
          </a>
        ))}
      </div>
    </Section>
  );
}
