import { useDraftEditor } from "@/components/draft/draft-editor";
import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/page-body";

/** Where the settings for browsers are. */
export function CorsLink() {
  const { apiId, copy } = useDraftEditor();
  return (
    <Section title="CORS" description="What scripts on web pages of other origins may do, and a checker, have a page of their own.">
      <div className="flex flex-wrap items-center gap-3">
        <ButtonLink href={`/apis/${apiId}/cors`}>Open CORS</ButtonLink>
        <span className="text-muted">
          {copy.cors.enabled ? "Browsers of other origins are answered." : "Browsers of other origins are not answered."}
        </span>
      </div>
    </Section>
  );
}
