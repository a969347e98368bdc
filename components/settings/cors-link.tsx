import { useDraftEditor } from "@/components/draft/draft-editor";
import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/page-body";

/** Links to the CORS page and shows whether CORS is enabled. */
export function CorsLink() {
  const { apiId, copy } = useDraftEditor();
  return (
    <Section title="CORS" description="Which scripts on other origins may call this API.">
      <div className="flex flex-wrap items-center gap-3">
        <ButtonLink href={`/apis/${apiId}/cors`}>Open CORS</ButtonLink>
        <span className="text-muted">{copy.cors.enabled ? "CORS is enabled." : "CORS is disabled."}</span>
      </div>
    </Section>
  );
}
