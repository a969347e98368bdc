import { fileURLToPath } from "node:url";

/** The project's root, where node_modules stands. */
const root = fileURLToPath(new URL("../..", import.meta.url));

export default { turbopack: { root }, typescript: { ignoreBuildErrors: true }, poweredByHeader: false };
