import { useDraftEditor } from "@/components/draft/draft-editor";
import { invalidIndexes, messageAt } from "@/components/schema-form/values";
import { MethodsField } from "@/components/studio/methods-field";
import { ListField } from "@/components/ui/list-field";
import { NumberField } from "@/components/ui/number-field";
import { Section } from "@/components/ui/page-body";
import { Switch } from "@/components/ui/switch";
import type { Cors } from "@/lib/definition/schema";

/** What scripts of other origins may do. */
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
    <Section title="Cross-origin calls" description="What scripts on web pages of other origins may do with this API.">
      <div className="flex max-w-160 flex-col gap-5">
        <Switch label="Answer browsers of other origins" isSelected={cors.enabled} onChange={(enabled) => change({ enabled })} />
        {cors.enabled && (
          <>
            <ListField
              label="Origins"
              {...list("allowOrigins")}
              onChange={(allowOrigins) => change({ allowOrigins })}
              placeholder="https://shop.example"
              description={
                <>
                  Scheme, host and perhaps a port. <code>https://*.shop.example</code> takes every subdomain one level below, <code>*</code>{" "}
                  every origin. Apps and extensions have schemes of their own: <code>capacitor://localhost</code>.
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
              label="Response headers a script may read"
              {...list("exposeHeaders")}
              onChange={(exposeHeaders) => change({ exposeHeaders })}
              placeholder="x-request-id"
            />
            <NumberField
              label="Preflight kept for"
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
              description="Cookies and HTTP authentication of the browser. Not possible with the origin *."
            />
          </>
        )}
      </div>
    </Section>
  );
}
