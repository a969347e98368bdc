import { Download } from "lucide-react";
import { exportFormats, exportHref } from "@/components/apis/export-formats";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { buttonStyle } from "@/components/ui/button-style";
import { Section } from "@/components/ui/page-body";

/** Exports the saved draft, to import it or to call the API with other tools. */
export function ExportSection() {
  const { apiId, isDirty } = useDraftEditor();
  return (
    <Section
      title="Export"
      description={`The saved draft as a file, without secrets.${isDirty ? " Unsaved changes aren't included." : ""}`}
    >
      <ul className="max-w-160 border-line border-y">
        {exportFormats.map((format) => (
          <li key={format.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b py-2 last:border-b-0">
            <div className="min-w-0 flex-1 basis-60">
              <p className="font-medium">{format.title}</p>
              <p className="text-muted text-xs">{format.description}</p>
            </div>
            {/* A plain link: a download doesn't leave the page, so the leave guard must not ask. */}
            <a href={exportHref(apiId, format)} download className={buttonStyle("secondary", "medium")}>
              <Download aria-hidden className="size-4" />
              Export {format.word}
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
