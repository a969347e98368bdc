import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, start, temporaryFolder } from "../lib/processes.mjs";

const MODULES = "/usr/lib/apache2/modules";
const NEEDED = ["mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http", "oauth2"];

/** Why Apache cannot be a peer here; null when it can. */
export function apacheMissing() {
  if (spawnSync("apache2", ["-v"]).error) return "apache2 is not installed (apt-get install apache2 libapache2-mod-oauth2)";
  const missing = NEEDED.find((name) => !existsSync(join(MODULES, `mod_${name}.so`)));
  return missing ? `mod_${missing} is not installed (apt-get install libapache2-mod-oauth2)` : null;
}

/**
 * Apache httpd with mod_oauth2: an opaque token, introspected once and then kept in shared memory, with its scopes
 * required, which this module compares as one text. The event module and the connections have Debian's numbers, with which
 * it uses all cores. It writes no access log.
 */
export async function startApache({ backend, introspectionEndpoint, clientId, clientSecret, scopes }) {
  const folder = temporaryFolder("gatewright-bench-apache-");
  const port = await freePort();
  const options = new URLSearchParams({
    "introspect.auth": "client_secret_basic",
    client_id: clientId,
    client_secret: clientSecret,
    expiry: "3600",
  });
  const file = join(folder, "apache.conf");
  writeFileSync(
    file,
    `ServerRoot "${folder}"
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile "${folder}/pid"
ErrorLog "${folder}/error.log"
LogLevel error
${NEEDED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join("\n")}
${process.getuid() === 0 ? "User www-data\nGroup www-data" : ""}
StartServers 2
MinSpareThreads 25
MaxSpareThreads 75
ThreadLimit 64
ThreadsPerChild 25
MaxRequestWorkers 150
MaxConnectionsPerChild 0
KeepAlive On
MaxKeepAliveRequests 100
KeepAliveTimeout 5
<Location "/">
  AuthType oauth2
  OAuth2TokenVerify introspect ${introspectionEndpoint} ${options}
  Require oauth2_claim "scope:${scopes}"
  ProxyPass "${backend}/"
</Location>
`,
  );
  const child = start("apache2", ["-d", folder, "-f", file, "-DFOREGROUND"]);
  return { url: `http://127.0.0.1:${port}`, child };
}
