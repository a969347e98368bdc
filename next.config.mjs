import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const development = process.env.NODE_ENV === "development";

/** Next writes inline scripts without a nonce and, in development, evaluates code and listens on a socket. */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  `connect-src 'self'${development ? " ws:" : ""}`,
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** @type {import("next").NextConfig} */
const config = {
  // Tests and benchmarks build beside a console that runs.
  distDir: process.env.GATEWRIGHT_DIST_DIR || ".next",
  reactStrictMode: true,
  poweredByHeader: false,
  // The console has no images to resize. Strangers could have Next ask any path of this origin for one, past the capture of calls.
  images: { unoptimized: true },
  // The gateway forwards paths as they are: a redirect for a slash would be Next's answer, not the backend's.
  skipTrailingSlashRedirect: true,
  serverExternalPackages: ["oidc-provider", "@node-rs/argon2", "pg", "@prisma/adapter-pg", "undici", "pino", "ioredis", "light-my-request"],
  turbopack: { root },
  // `npm run check` holds the types. A start does not check them again, and types left by an earlier build cannot fail it.
  typescript: { ignoreBuildErrors: true },
  async headers() {
    return [
      {
        // What passes through the gateway keeps the backend's headers, and the gateway adds its own.
        source: "/:path((?!gateway(?:/|$)|embedded-gateway$|samples(?:/|$)).*)",
        headers: [
          { key: "Content-Security-Policy", value: contentSecurityPolicy },
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "X-Frame-Options", value: "DENY" },
          { key: "Referrer-Policy", value: "same-origin" },
          { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        ],
      },
    ];
  },
};

export default config;
