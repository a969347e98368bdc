"use client";

import { type KeyboardEvent, useState } from "react";
import { useDeployedOperations } from "@/components/data/access";
import type { Problem } from "@/lib/definition/problems";
import type { Definition } from "@/lib/definition/schema";
import type { ApiView } from "@/lib/management/contract/apis";
import { BodySection } from "./body-section";
import { CurlMenu } from "./curl-menu";
import { HeadersSection } from "./headers-section";
import { type RequestInput, tryInputOf } from "./request-input";
import { RequestLine } from "./request-line";
import { Result } from "./result";
import { tokenNeedsOf } from "./token-needs";
import { TokenSection } from "./token-section";
import { useSend } from "./use-send";
import { useToken } from "./use-token";

interface TryItProps {
  api: ApiView;
  /** The deployed definition. */
  definition: Definition;
  input: RequestInput;
  onChange: (changes: Partial<RequestInput>) => void;
}

/** Edits a request, sends it through the gateway, and shows the response. */
export function TryIt({ api, definition, input, onChange }: TryItProps) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const token = useToken(api.id, input);
  const send = useSend(api.id);
  const needs = tokenNeedsOf(definition);
  const operations = useDeployedOperations(api.id, api.activeDeployment?.number).data ?? [];
  const problemAt = (path: string) => problems.find((problem) => problem.path === path)?.message;

  function change(changes: Partial<RequestInput>) {
    setProblems([]);
    onChange(changes);
  }

  /** Reports an incomplete request and removes the previous response. */
  function refuse(found: readonly Problem[]) {
    setProblems(found);
    send.refuse(found.map(({ message }) => message).join(" "));
  }

  async function sendRequest() {
    if (token.isGetting || send.isSending) return;
    if (input.tokenSource === "paste" && token.current === null)
      return refuse([{ path: "token", message: "Paste a token, or select No token." }]);
    let bearer = token.current;
    if (input.tokenSource === "application" && bearer === null) {
      if (input.applicationId === null) return refuse([{ path: "token", message: "Select an application, or select No token." }]);
      bearer = (await token.getToken())?.accessToken ?? null;
      // Don't send without the token; the token section shows the error.
      if (bearer === null) return send.refuse("No token was issued, so the request wasn't sent.");
    }
    const made = tryInputOf(input, bearer, api.gatewayUrl);
    if ("problems" in made) return refuse(made.problems);
    setProblems([]);
    await send.send(made.call);
  }

  function handleKey(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void sendRequest();
  }

  return (
    <form
      aria-label="Request"
      noValidate
      className="flex flex-col gap-5"
      onKeyDown={handleKey}
      onSubmit={(event) => {
        event.preventDefault();
        void sendRequest();
      }}
    >
      <RequestLine
        contextPath={definition.contextPath}
        input={input}
        onChange={change}
        pathProblem={problemAt("path")}
        operations={operations}
        isSending={send.isSending}
        onCancel={send.cancel}
        actions={<CurlMenu gatewayUrl={api.gatewayUrl} input={input} token={token.current} />}
      />
      <div className="grid grid-cols-1 gap-x-8 gap-y-5 lg:grid-cols-[minmax(280px,2fr)_minmax(0,5fr)]">
        <div className="flex min-w-0 flex-col gap-5">
          <TokenSection input={input} onChange={change} token={token} needs={needs} problem={problemAt("token")} />
          <HeadersSection
            headers={input.headers}
            onChange={(headers) => change({ headers })}
            hasToken={input.tokenSource !== "none"}
            problemAt={(index) => problemAt(`headers[${index}]`)}
          />
          <BodySection input={input} onChange={change} bodyProblem={problemAt("body")} contentTypeProblem={problemAt("contentType")} />
        </div>
        <Result state={send} onRetry={() => void sendRequest()} />
      </div>
    </form>
  );
}
