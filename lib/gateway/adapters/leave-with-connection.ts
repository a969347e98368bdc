import type { IncomingMessage, ServerResponse } from "node:http";
import type { Caller } from "../http/caller";

/**
 * Tells that the caller went away when its connection closes before the answer is handed over. An answer that waits behind
 * another one on the same connection (RFC 9112, section 9.3.2) has no socket, and Node tells it nothing when the connection
 * closes: without this its backend call would never end.
 */
export function leaveWithConnection(caller: Caller, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const onClose = () => {
    if (!outgoing.writableFinished) caller.leave();
  };
  outgoing.on("close", onClose);
  if (outgoing.socket !== null) return;
  const { socket } = incoming;
  const onConnectionClose = () => {
    caller.leave();
    // Nobody takes what is still in it, and whoever writes to it hears so.
    outgoing.emit("close");
  };
  socket.once("close", onConnectionClose);
  outgoing.once("socket", () => socket.off("close", onConnectionClose));
}
