import type { ApiView } from "@/lib/management/contract/apis";

/** One step from a new API to a protected one that runs. */
export interface NextStep {
  id: "protect" | "deploy" | "try";
  title: string;
  /** Why, in one sentence. */
  reason: string;
  isDone: boolean;
  /** Whether its action is offered now: several can be, because calling an open API before protecting it is fine. */
  isOffered: boolean;
}

type State = Pick<ApiView, "draftProtection" | "undeployedChanges" | "activeDeployment">;

/**
 * What a newcomer does next, computed from the API's state alone. It is empty once every call needs a token and the
 * draft runs: trying it is always possible and then stands with the other ways to call it.
 */
export function nextSteps(api: State): NextStep[] {
  const isProtected = api.draftProtection === "guarded" || api.draftProtection === "scoped";
  if (isProtected && !api.undeployedChanges) return [];
  return [
    {
      id: "protect",
      title: "Require a token",
      reason:
        api.draftProtection === "partly-open"
          ? "Some calls pass without a token: add OAuth2 to a flow that matches everything."
          : "Add OAuth2 to a flow's request phase.",
      isDone: isProtected,
      isOffered: !isProtected,
    },
    {
      id: "deploy",
      title: "Deploy draft",
      reason: api.activeDeployment
        ? "Review and deploy it in the bar above: until then callers meet the former deployment."
        : "Review and deploy it in the bar above: until then callers get 404.",
      isDone: !api.undeployedChanges,
      isOffered: api.undeployedChanges,
    },
    {
      id: "try",
      title: "Try a call",
      reason: "See what a caller gets with a token and without one.",
      isDone: false,
      isOffered: api.activeDeployment !== null,
    },
  ];
}
