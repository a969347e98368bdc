import type { Flow } from "./schema";

/** What a flow is called where people read of it: its name, or what it matches. */
export const flowLabel = (flow: Pick<Flow, "name" | "match">): string => flow.name || `${flow.match.operator} ${flow.match.path}`;
