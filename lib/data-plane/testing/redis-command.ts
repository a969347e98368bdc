import { connect } from "node:net";

/** Sends a command without arguments to a Redis that asks for no password; answers its first line. */
export function redisCommand(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${command}\r\n`));
    socket.once("error", reject);
    socket.once("data", (chunk: Buffer) => {
      socket.destroy();
      resolve(chunk.toString().split("\r\n")[0] ?? "");
    });
  });
}
