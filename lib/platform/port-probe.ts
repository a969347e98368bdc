import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";

/** A listener whose queue is full does not respond; whoever listens later says so. In milliseconds. */
const CONNECT_TIMEOUT_MS = 500;

/**
 * Says why a TCP port can't be listened on, without listening on it: a load balancer would have its connections accepted by the
 * listener of such a test, and reset when that is closed.
 * @returns EADDRINUSE when something listens on an address of this machine, EACCES when this user may not have the port,
 *   undefined when listening is worth a try
 */
export async function findPortProblem(port: number): Promise<"EADDRINUSE" | "EACCES" | undefined> {
  const [isDenied, ...taken] = await Promise.all([isPrivileged(port), ...ownAddresses().map((address) => accepts(address, port))]);
  if (taken.includes(true)) return "EADDRINUSE";
  return isDenied ? "EACCES" : undefined;
}

/** The addresses of this machine. IPv6 link-local ones need an interface beside them, and lead to the same listeners. */
function ownAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces?.map(({ address }) => address) ?? []);
  return [...new Set(["127.0.0.1", "::1", ...found])].filter((address) => !/^fe[89ab]/i.test(address));
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(false));
    socket.once("error", () => end(false));
    // A port that nobody listens on can be given to the connection itself, which then reaches itself.
    socket.once("connect", () => end(socket.localPort !== port || socket.localAddress !== socket.remoteAddress));
  });
}

/** UDP ports need the same right as TCP ports of the same number, and no client notices one. */
function isPrivileged(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (code?: string) => socket.close(() => resolve(code === "EACCES"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code));
    socket.bind(port, "127.0.0.1", () => end());
  });
}
