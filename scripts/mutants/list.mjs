import { AUTHORIZATION_SERVER_MUTANTS } from "./authorization-server.mjs";
import { CONSOLE_MUTANTS } from "./console.mjs";
import { GATEWAY_MUTANTS } from "./gateway.mjs";
import { SIGN_IN_MUTANTS } from "./sign-in.mjs";

/** @type {import("./mutant.mjs").Mutant[]} */
export const MUTANTS = [...GATEWAY_MUTANTS, ...AUTHORIZATION_SERVER_MUTANTS, ...CONSOLE_MUTANTS, ...SIGN_IN_MUTANTS];
