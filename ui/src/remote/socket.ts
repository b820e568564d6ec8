// The one thing of a WebSocket that following needs, so that tests speak to a scripted relay without sockets.

import type { Bytes } from "./bytes";

/** An open or opening connection. */
export interface Socket {
  send(bytes: Bytes): void;
  close(): void;
}

export interface SocketListener {
  opened(): void;
  received(bytes: Bytes): void;
  /** Once, whoever closed it; the code is that of the WebSocket. */
  closed(code: number): void;
}

/** Opens a connection to the relay. */
export type Dial = (listener: SocketListener) => Socket;

/** Connects to viewers' door of the relay at a page's address, such as `https://relay.example.org`. */
export function dialing(relay: string): Dial {
  const address = new URL("/v1/view", relay);
  address.protocol = address.protocol === "http:" ? "ws:" : "wss:";
  return (listener) => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => listener.opened();
    socket.onmessage = ({ data }) => listener.received(new Uint8Array(data as ArrayBuffer));
    socket.onclose = ({ code }) => listener.closed(code);
    return { send: (bytes) => socket.send(bytes), close: () => socket.close() };
  };
}
