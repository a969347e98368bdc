import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Paths of a CA certificate, a certificate and its key. */
export interface TestCertificates {
  ca: string;
  certificate: string;
  key: string;
  close(): void;
}

/** Creates a CA and a certificate for `subjectAltName`, for example `IP:127.0.0.1`, with openssl. */
export function testCertificates(subjectAltName: string): TestCertificates {
  const directory = mkdtempSync(join(tmpdir(), "gatewright-tls-"));
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: directory, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Test CA", "-days", "2");
  openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=Test server");
  writeFileSync(path("extensions"), `subjectAltName=${subjectAltName}\n`);
  const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions"];
  openssl("x509", "-req", "-in", "server.csr", "-out", "server.crt", ...signed);
  return {
    ca: path("ca.crt"),
    certificate: path("server.crt"),
    key: path("server.key"),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}
