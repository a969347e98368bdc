import { AUTHORIZATION_SERVER_MUTANTS } from "./authorization-server.mjs";
import { BACKEND_MUTANTS } from "./backends.mjs";
import { CONSOLE_MUTANTS } from "./console.mjs";
import { DEFINITION_MUTANTS } from "./definition.mjs";
import { MANAGEMENT_MUTANTS } from "./management.mjs";
import { PLATFORM_MUTANTS } from "./platform.mjs";
import { REQUEST_MUTANTS } from "./requests.mjs";
import { SIGN_IN_MUTANTS } from "./sign-in.mjs";
import { TOKEN_MUTANTS } from "./tokens.mjs";

/** @type {import("./mutant.mjs").Mutant[]} */
export const MUTANTS = [
  ...REQUEST_MUTANTS,
  ...TOKEN_MUTANTS,
  ...BACKEND_MUTANTS,
  ...DEFINITION_MUTANTS,
  ...AUTHORIZATION_SERVER_MUTANTS,
  ...PLATFORM_MUTANTS,
  ...SIGN_IN_MUTANTS,
  ...MANAGEMENT_MUTANTS,
  ...CONSOLE_MUTANTS,
];
