"use client";

import { useState } from "react";
import { type CorsQuestion, useCorsCheck } from "@/components/data/access";
import { useApi } from "@/components/data/apis";
import { ApiProblem, messageOf, problemsIn } from "@/components/data/client";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ErrorState } from "@/components/ui/error-state";
import { ListField } from "@/components/ui/list-field";
import { Section } from "@/components/ui/page-body";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { Select } from "@/components/ui/select";
import { TextField } from "@/components/ui/text-field";
import { METHODS } from "@/lib/definition/schema";
import { corsCheckBodySchema } from "@/lib/management/contract/access";
import { CorsVerdict } from "./cors-verdict";

const methods = METHODS.map((method) => ({ id: method, label: method }));

const emptyQuestion: CorsQuestion = { origin: "", method: "GET", headers: [], credentials: false, of: "draft" };

/** Simulates a cross-origin request and shows the gateway's CORS decision with its reasons. */
export function CorsCheck() {
  const { apiId, isDirty, base } = useDraftEditor();
  const api = useApi(apiId);
  const check = useCorsCheck(apiId);
  const [question, setQuestion] = useState(emptyQuestion);
  const [problem, setProblem] = useState<string | undefined>();
  /** The request of the current result; a result of another request or an older draft is stale. */
  const [asked, setAsked] = useState<{ question: CorsQuestion; etag: string } | null>(null);
  const isDeployed = Boolean(api.data?.activeDeployment);
  const { of } = question;
  const problems = problemsIn(check.error);
  const at = (path: string) => problems.find((one) => one.path === path || one.path.startsWith(`${path}[`))?.message;
  const change = (part: Partial<CorsQuestion>) => {
    setProblem(undefined);
    setQuestion((before) => ({ ...before, ...part }));
  };
  const isStale = asked !== null && (asked.question !== question || (of === "draft" && asked.etag !== base.etag));

  function ask() {
    const parsed = corsCheckBodySchema.shape.origin.safeParse(question.origin);
    if (!parsed.success) return setProblem(parsed.error.issues[0]?.message);
    setAsked({ question, etag: base.etag });
    check.mutate(question);
  }

  return (
    <Section title="Check a request" description="Simulates a cross-origin request. Nothing is sent.">
      <form
        aria-label="Check a request"
        noValidate
        className="flex max-w-160 flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        {isDeployed && (
          <SegmentedControl
            label="Check against"
            hideLabel
            options={[
              { id: "draft", label: "Saved draft" },
              { id: "deployed", label: "Deployed" },
            ]}
            value={of}
            onChange={(next) => change({ of: next })}
          />
        )}
        {isDirty && of === "draft" && <Banner meaning="pending">This check ignores unsaved changes. Save the draft first.</Banner>}
        <TextField
          label="Page origin"
          mono
          autoComplete="off"
          placeholder="https://shop.example"
          value={question.origin}
          onChange={(origin) => change({ origin })}
          errorMessage={problem ?? at("origin")}
        />
        <Select
          label="Request method"
          mono
          className="w-36"
          options={methods}
          value={METHODS.find((method) => method === question.method) ?? null}
          onChange={(method) => change({ method })}
          errorMessage={at("method")}
        />
        <ListField
          label="Headers to send"
          isOptional
          value={question.headers}
          onChange={(headers) => change({ headers })}
          suggestions={["Authorization", "Content-Type"]}
          errorMessage={at("headers")}
        />
        <Checkbox
          label="Send cookies or other browser credentials"
          isSelected={question.credentials}
          onChange={(credentials) => change({ credentials })}
        />
        <Button type="submit" variant="secondary" className="self-start" isPending={check.isPending}>
          Check request
        </Button>
      </form>
      {check.error && problems.length === 0 && (
        <ErrorState
          title="Couldn't check the request."
          message={messageOf(check.error)}
          requestId={check.error instanceof ApiProblem ? check.error.requestId : undefined}
          onRetry={ask}
          isRetrying={check.isPending}
        />
      )}
      {check.data && asked && <CorsVerdict verdict={check.data} question={asked.question} isStale={isStale || check.isPending} />}
    </Section>
  );
}
