import { fileURLToPath } from "node:url";

/** The project's root with node_modules. */
const root = fileURLToPath(new URL("../..", import.meta.url));

// Bundling would remove the class names that it uses to identify tokens.
export default {
  turbopack: { root },
  serverExternalPackages: ["oidc-provider"],
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
};
