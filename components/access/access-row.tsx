import { methodWord, operationName } from "@/components/openapi/operation-words";
import { Button } from "@/components/ui/button";
import { MethodBadge } from "@/components/ui/method-badge";
import { Path } from "@/components/ui/path";
import { StateMark } from "@/components/ui/state-mark";
import { Cell, Row } from "@/components/ui/table";
import type { AccessLevel, AccessOperationView } from "@/lib/management/contract/access";
import { ClientsPopover } from "./clients-popover";
import { type Level, levelOf, levelWords } from "./levels";
import { AskedBy, type FlowOf, RequiredScopes } from "./requirements";

interface AccessRowProps {
  operation: AccessOperationView;
  flowOf: FlowOf;
  /** Absent where nothing can be changed from here. */
  onAllowAnonymous: ((operation: AccessOperationView) => void) | undefined;
}

/**
 * Shows one operation: its access level, the flows that require it, and the applications that meet it. Narrow screens
 * stack these below the level.
 */
export function AccessRow({ operation, flowOf, onAllowAnonymous }: AccessRowProps) {
  const { method, path, summary, access, requirements } = operation;
  const canOpen = onAllowAnonymous && (access === "token" || access === "scopes");
  const allow = canOpen && (
    <Button
      variant="quiet"
      size="small"
      aria-label={`Allow anonymous requests: ${operationName(operation)}`}
      className="-mx-2 md:-my-0.5 text-muted hover:bg-line/60"
      onPress={() => onAllowAnonymous(operation)}
    >
      Allow anonymous requests
    </Button>
  );
  return (
    <Row>
      <Cell isRowHeader className="w-2/5 py-1.5 align-top">
        <span className="grid gap-x-2 sm:grid-cols-[52px_minmax(0,1fr)]">
          <MethodBadge method={methodWord(method)} />
          <span className="min-w-0">
            <Path className="font-medium">{path}</Path>
            {summary && (
              <span title={summary} className="line-clamp-2 text-muted text-xs [overflow-wrap:anywhere]">
                {summary}
              </span>
            )}
          </span>
        </span>
      </Cell>
      <Cell className="py-1.5 align-top">
        <AccessMark level={levelOf(operation)} />
        <RequiredScopes requirements={requirements} />
        <span className="flex flex-col items-start md:hidden">
          {requirements.length > 0 && <ClientsPopover operation={operation} />}
          {allow}
        </span>
      </Cell>
      <Cell className="hidden max-w-64 py-1.5 align-top lg:table-cell">
        <AskedBy requirements={requirements} flowOf={flowOf} />
      </Cell>
      <Cell className="hidden whitespace-nowrap py-1.5 align-top md:table-cell">
        <ClientsPopover operation={operation} />
      </Cell>
      {onAllowAnonymous && (
        <Cell align="right" className="hidden whitespace-nowrap py-1.5 align-top md:table-cell">
          {allow}
        </Cell>
      )}
    </Row>
  );
}

const elsewhere: Record<AccessLevel, string> = {
  anonymous: "At least some of these requests need no token.",
  credential: "A credential other than a token.",
  token: "A valid access token.",
  scopes: "A valid access token with scopes.",
  refused: "The gateway rejects these requests.",
};

/** Shows an operation's access level in one word and color. Anonymous writes get a filled background. */
function AccessMark({ level }: { level: Level }) {
  const { meaning, word } = levelWords[level];
  return (
    <StateMark meaning={meaning} look={level === "anonymous-write" ? "soft" : "plain"}>
      {word}
    </StateMark>
  );
}

/** Shows the access level of every path that isn't listed. */
export function EverythingElseRow({ level, columns }: { level: AccessLevel; columns: number }) {
  return (
    <Row>
      <Cell isRowHeader className="py-1.5 align-top">
        <span className="font-medium">Everything else</span>
        <span className="block text-muted text-xs">Paths that aren't listed</span>
      </Cell>
      <Cell className="py-1.5 align-top" colSpan={columns - 1}>
        <AccessMark level={level} />
        <span className="block text-muted text-xs">{elsewhere[level]}</span>
      </Cell>
    </Row>
  );
}
