// Made from the folders by `npm run check -- --fix`. Change those, not this file.
// biome-ignore-all assist/source/organizeImports: in the order of the folders
import { oauth2Errors } from "./oauth2/errors";

/** The errors of every policy, by their codes. Safe for the browser. */
export const policyErrors = { ...oauth2Errors } as const;
