"use client";

import { useMemo, useState } from "react";
import { formatDuration } from "@/components/ui/clock";
import { CodeBlock } from "@/components/ui/code-block";
import { cx } from "@/components/ui/cx";
import { SegmentedControl } from "@/components/ui/segmented-control";
import { MeaningShape } from "@/components/ui/state-mark";
import { Switch } from "@/components/ui/switch";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import type { TryResponse } from "@/lib/management/contract/apis";
import { outcomeOf } from "./outcome";
import { prettyJson } from "./pretty-json";
import { TraceLanes } from "./trace-lanes";

/** Shows a response body: JSON formatted, anything else unchanged. */
function ResponseBody({ response, pretty }: { response: TryResponse["response"]; pretty: string | null }) {
  if (response.body === "") return <p className="text-muted">Empty body.</p>;
  return (
    <div className="flex flex-col gap-2">
      {response.bodyEncoding === "base64" && <p className="text-muted">Binary body, shown as Base64.</p>}
      <CodeBlock label="Response body" code={pretty ?? response.body} />
      {response.truncated && <p className="text-muted text-xs">Truncated to the first 1 MB.</p>}
    </div>
  );
}

/** Lists the response headers in order. */
function ResponseHeaders({ headers }: { headers: readonly (readonly [name: string, value: string])[] }) {
  return (
    <Table label="Response headers">
      <TableHead>
        <Column className="w-2/5">Name</Column>
        <Column>Value</Column>
      </TableHead>
      <TableBody>
        {headers.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers can repeat, and a response never changes.
          <Row key={index}>
            <Cell isRowHeader mono className="align-top [overflow-wrap:anywhere]">
              {name}
            </Cell>
            <Cell mono className="[overflow-wrap:anywhere]">
              {value}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** Shows the response, its meaning, and the trace. */
export function ResponseView({ answer, isStale }: { answer: TryResponse; isStale: boolean }) {
  const [view, setView] = useState<"body" | "headers">("body");
  const { meaning, status, sentence } = outcomeOf(answer);
  const { response } = answer;
  const [isRaw, setIsRaw] = useState(false);
  const pretty = useMemo(() => (response.bodyEncoding === "text" ? prettyJson(response.body) : null), [response]);
  return (
    <div className={cx("flex min-w-0 flex-col gap-5 transition-opacity", isStale && "opacity-50")} aria-busy={isStale}>
      <div role="status" className="flex flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2.5 font-semibold text-lg">
          <MeaningShape meaning={meaning} className="size-3" />
          {status}
        </p>
        <p>{sentence}</p>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs tabular-nums">
          <span>{formatDuration(response.durationMs)}</span>
          <span>{answer.deployment === null ? "No deployment matched" : `Deployment ${answer.deployment}`}</span>
          {answer.deployment !== null && (
            <span className="[overflow-wrap:anywhere]">{answer.flow === null ? "No flow matched" : `Flow ${answer.flow}`}</span>
          )}
        </p>
      </div>
      <TraceLanes answer={answer} />
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <SegmentedControl
            label="Show"
            hideLabel
            options={[
              { id: "body", label: "Body" },
              { id: "headers", label: `Headers ${response.headers.length}` },
            ]}
            value={view}
            onChange={setView}
          />
          {view === "body" && pretty !== null && <Switch label="Raw" isSelected={isRaw} onChange={setIsRaw} />}
        </div>
        {view === "body" ? (
          <ResponseBody response={response} pretty={isRaw ? null : pretty} />
        ) : (
          <ResponseHeaders headers={response.headers} />
        )}
      </div>
    </div>
  );
}
