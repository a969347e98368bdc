import { describe, expect, it } from "vitest";
import { nextSteps } from "./next-steps";

const active = { number: 1, label: "", createdAt: "2026-11-21T00:00:00Z", createdBy: "Ann" };
const done = (...state: Parameters<typeof nextSteps>) => nextSteps(...state).map((step) => [step.id, step.isDone]);

describe("next steps", () => {
  it("start with protecting a new API", () => {
    expect(done({ draftProtection: "open", undeployedChanges: true, activeDeployment: null })).toEqual([
      ["protect", false],
      ["deploy", false],
      ["try", false],
    ]);
  });

  it("count partly open as not protected, because anyone may make some calls", () => {
    expect(done({ draftProtection: "partly-open", undeployedChanges: false, activeDeployment: active })).toEqual([
      ["protect", false],
      ["deploy", true],
      ["try", false],
    ]);
  });

  it("ask to deploy a protected draft", () => {
    expect(done({ draftProtection: "guarded", undeployedChanges: true, activeDeployment: active })).toEqual([
      ["protect", true],
      ["deploy", false],
      ["try", false],
    ]);
  });

  it("are over when the protected draft runs", () => {
    expect(nextSteps({ draftProtection: "scoped", undeployedChanges: false, activeDeployment: active })).toEqual([]);
  });
});

describe("what is offered", () => {
  const offered = (...state: Parameters<typeof nextSteps>) => nextSteps(...state).flatMap((step) => (step.isOffered ? [step.id] : []));

  it("is a call only once something runs, because before callers get 404", () => {
    expect(offered({ draftProtection: "guarded", undeployedChanges: true, activeDeployment: null })).toEqual(["deploy"]);
  });

  it("is a call to an open API too, to see the difference afterwards", () => {
    expect(offered({ draftProtection: "open", undeployedChanges: false, activeDeployment: active })).toEqual(["protect", "try"]);
  });
});
