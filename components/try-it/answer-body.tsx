"use client";

import { CodeBlock } from "@/components/ui/code-block";
import type { TryAnswer } from "@/lib/management/contract/apis";

/** The body of an answer: JSON made readable where there is such a form, or as it arrived. */
export function AnswerBody({ response, pretty }: { response: TryAnswer["response"]; pretty: string | null }) {
  if (response.body === "") return <p className="text-muted">The answer has no body.</p>;
  return (
    <div className="flex flex-col gap-2">
      {response.bodyEncoding === "base64" && <p className="text-muted">The body is not text. This is its Base64.</p>}
      <CodeBlock label="Response body" code={pretty ?? response.body} />
      {response.truncated && <p className="text-muted text-xs">Only the first megabyte is shown.</p>}
    </div>
  );
}
