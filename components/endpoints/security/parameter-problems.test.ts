import { describe, expect, it } from "vitest";
import { parameterProblems, withoutRepeats } from "./parameter-problems";

const PATH = "endpoints.sandbox.security.parameters";
const parameter = (name: string, value = "") => ({ name, value, secret: false });

describe("the problems of parameters while they are typed", () => {
  it("say at its row that a name is taken or reserved", () => {
    const problems = parameterProblems([parameter("audience"), parameter("Client_Id"), parameter("audience")], PATH);
    expect(problems.map(({ path }) => path).sort()).toEqual([`${PATH}[1].name`, `${PATH}[2].name`]);
    expect(problems.find(({ path }) => path === `${PATH}[2].name`)?.message).toContain("audience");
  });

  it("do not complain of a row that was just added", () => {
    expect(parameterProblems([parameter("audience"), parameter(""), parameter("")], PATH)).toEqual([]);
  });

  it("say that a mask is no secret", () => {
    const problems = parameterProblems([{ name: "pin", value: "••••", secret: true }], PATH);
    expect(problems.map(({ path }) => path)).toEqual([`${PATH}[0].value`]);
  });

  it("are said once", () => {
    const [one, two] = [
      { path: "a", message: "typed" },
      { path: "b", message: "saved" },
    ];
    expect(withoutRepeats([one, { path: "a", message: "saved" }, two])).toEqual([one, two]);
  });
});
