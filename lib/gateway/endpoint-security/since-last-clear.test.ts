import { afterAll, beforeEach, expect, it } from "vitest";
import { authorizationOf, TestGateway, testCall } from "./testing/fixtures";
import { json, startTokenServer } from "./testing/token-server";

const server = await startTokenServer();
afterAll(() => server.close());
const give = server.answer;
beforeEach(() => {
  server.seen.length = 0;
  server.answer = give;
});

function compile() {
  const gateway = new TestGateway();
  const state = { epoch: 0 };
  const security = { type: "oauth2", tokenUrl: server.tokenUrl, clientId: "gateway" };
  const authorizer = gateway.compile(security, { clientSecret: "s3cret" }, { epoch: () => state.epoch });
  return { gateway, state, authorizer };
}

it("asks for another token after a drop, once, and never uses the one from before again", async () => {
  const { gateway, state, authorizer } = compile();
  expect(await authorizationOf(authorizer)).toBe("Bearer token-1");
  state.epoch = 1;
  expect(await authorizationOf(authorizer)).toBe("Bearer token-2");
  expect(await authorizationOf(authorizer)).toBe("Bearer token-2");
  expect(gateway.keeper.view("api-1:production:")).toHaveLength(1);
  authorizer.release();
  expect(gateway.keeper.view()).toEqual([]);
  expect(gateway.connections.size).toBe(0);
});

it("gives a call that waited during the drop the token after it", async () => {
  const { state, authorizer } = compile();
  let answerFirst: (() => void) | undefined;
  server.answer = (_, outgoing, number) => {
    const answer = () => json(outgoing, { access_token: `token-${number}`, token_type: "Bearer", expires_in: 60 });
    if (number === 1) answerFirst = answer;
    else answer();
  };
  const early = authorizationOf(authorizer);
  await expect.poll(() => answerFirst).toBeDefined();
  state.epoch = 1;
  const late = authorizationOf(authorizer);
  answerFirst?.();
  expect([await early, await late]).toEqual(["Bearer token-2", "Bearer token-2"]);
  authorizer.release();
});

it("gives a call whose token was refused, and that waited for another during the drop, the token after it", async () => {
  const { state, authorizer } = compile();
  const credentials = await authorizer.authorize(testCall());
  server.answer = (_, outgoing, number) => {
    if (number > 2) json(outgoing, { access_token: `token-${number}`, token_type: "Bearer", expires_in: 60 });
  };
  const again = Promise.resolve(authorizer.refused(testCall(), credentials, []));
  await expect.poll(() => server.seen.length).toBe(2);
  state.epoch = 1;
  const late = authorizationOf(authorizer);
  expect([(await again)?.authorization, await late]).toEqual(["Bearer token-3", "Bearer token-3"]);
  authorizer.release();
});

it("tells calls that wait when the deployment goes, and does not begin anew for them", async () => {
  const { gateway, state, authorizer } = compile();
  server.answer = () => undefined;
  const waiting = authorizationOf(authorizer);
  waiting.catch(() => undefined);
  await expect.poll(() => server.seen.length).toBe(1);
  authorizer.release();
  state.epoch = 1;
  await expect(waiting).rejects.toMatchObject({ kind: "released" });
  await expect(Promise.resolve().then(() => authorizer.authorize(testCall()))).rejects.toMatchObject({ kind: "released" });
  expect(gateway.keeper.view()).toEqual([]);
});
