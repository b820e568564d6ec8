// The network between a browser and its relay, that can be cut, and that remembers every byte that went over it.

import { createServer, connect, type Server, type Socket } from "node:net";

export class Wire {
  /** What browsers sent, as it was on the wire. */
  readonly sent: Buffer[] = [];
  #far = 0;
  #sockets = new Set<Socket>();
  #state: "whole" | "cut" | "dead" = "whole";

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async lay(): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the wire has no port");
    const wire = new Wire(server, address.port);
    server.on("connection", (near) => wire.#join(near));
    return wire;
  }

  /** Has it lead to the relay at a port. */
  leadTo(port: number): void {
    this.#far = port;
  }

  /** As the relay behind it is called on this side. */
  get name(): string {
    return `localhost:${this.port}`;
  }

  /** The page behind it. */
  get page(): string {
    return `http://${this.name}/`;
  }

  /** Ends all connections and lets none begin. */
  cut(): void {
    this.#state = "cut";
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nothing goes through any more, and nobody is told: as where a cable is pulled. */
  die(): void {
    this.#state = "dead";
    for (const socket of this.#sockets) socket.pause();
  }

  mend(): void {
    const wasDead = this.#state === "dead";
    this.#state = "whole";
    if (wasDead) for (const socket of this.#sockets) socket.resume();
  }

  async end(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#state === "cut") {
      near.destroy();
      return;
    }
    const far = connect({ port: this.#far, host: "127.0.0.1", allowHalfOpen: true });
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on("end", () => to.end());
      from.on("data", (bytes: Buffer) => {
        if (from === near) this.sent.push(bytes);
        to.write(bytes);
      });
      if (this.#state === "dead") from.pause();
    }
  }
}
