import { version } from "../../package.json";

/** The version of this Gatewright. */
export const VERSION: string = version;
