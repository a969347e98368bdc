import { useDraftEditor } from "@/components/draft/draft-editor";
import { invalidIndexes, messageAt } from "@/components/schema-form/values";
import { MethodsField } from "@/components/studio/methods-field";
import { ListField } from "@/components/ui/list-field";
import { NumberField } from "@/components/ui/number-field";
import { Section } from "@/components/ui/page-body";
import { Switch } from "@/components/ui/switch";
import type { Cors } from "@/lib/definition/schema";

/** Edits an API's CORS settings. */
export function CorsSettings() {
  const { copy, edit, problems: placed } = useDraftEditor();
  const { cors } = copy;
  const change = (part: Partial<Cors>) => edit((before) => ({ ...before, cors: { ...before.cors, ...part } }));
  const problems = placed.filter(({ anchor }) => anchor.kind === "api");
  const list = (key: "allowOrigins" | "allowHeaders" | "exposeHeaders") => ({
    value: cors[key],
    errorMessage: messageAt(problems, `cors.${key}`),
    invalidIndexes: invalidIndexes(problems, `cors.${key}`),
  });
  return (
    <Section title="Cross-origin requests" description="Which scripts on other origins may call this API.">
      <div className="flex max-w-160 flex-col gap-5">
        <Switch label="Enable CORS" isSelected={cors.enabled} onChange={(enabled) => change({ enabled })} />
        {cors.enabled && (
          <>
            <ListField
              label="Origins"
              {...list("allowOrigins")}
              onChange={(allowOrigins) => change({ allowOrigins })}
              placeholder="https://shop.example"
              description={
                <>
                  Scheme, host, and optional port. <code>https://*.shop.example</code> matches subdomains one level deep, <code>*</code> any
                  origin. Apps and extensions use their own schemes: <code>capacitor://localhost</code>.
                </>
              }
            />
            <MethodsField
              value={cors.allowMethods}
              onChange={(allowMethods) => change({ allowMethods })}
              errorMessage={messageAt(problems, "cors.allowMethods")}
              help={null}
            />
            <ListField
              label="Request headers"
              {...list("allowHeaders")}
              onChange={(allowHeaders) => change({ allowHeaders })}
              placeholder="Authorization"
              suggestions={["Authorization", "Content-Type"]}
            />
            <ListField
              label="Exposed response headers"
              {...list("exposeHeaders")}
              onChange={(exposeHeaders) => change({ exposeHeaders })}
              placeholder="x-request-id"
            />
            <NumberField
              label="Preflight max age"
              unit="s"
              value={cors.maxAgeSeconds}
              onChange={(maxAgeSeconds = 600) => change({ maxAgeSeconds })}
              errorMessage={messageAt(problems, "cors.maxAgeSeconds")}
            />
            <Switch
              label="Allow credentials"
              isSelected={cors.allowCredentials}
              onChange={(allowCredentials) => change({ allowCredentials })}
              errorMessage={messageAt(problems, "cors.allowCredentials")}
              description="Browser cookies and HTTP authentication. Not allowed with the origin *."
            />
          </>
        )}
      </div>
    </Section>
  );
}
