import type { Flow } from "./schema";

/** The display name of a flow: its name, or its match. */
export const flowLabel = (flow: Pick<Flow, "name" | "match">): string => flow.name || `${flow.match.operator} ${flow.match.path}`;
