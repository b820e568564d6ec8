import { Running } from "./program";

/** A relay, on one port for as long as it lives. */
export class Relay {
  private constructor(
    private program: Running,
    private readonly name: string,
    readonly port: number,
  ) {}

  /** `name`: by which browsers reach it. */
  static async start(name: string): Promise<Relay> {
    const program = Running.start("relay", "--listen", "127.0.0.1:0", "--name", name);
    const [, port] = await program.says(/listening on 127\.0\.0\.1:(\d+)/i);
    return new Relay(program, name, Number(port));
  }

  /** As an agent is told it. */
  get address(): string {
    return `http://localhost:${this.port}`;
  }

  /** As after a crash. */
  async kill(): Promise<void> {
    await this.program.end("SIGKILL");
  }

  /** Starts it again at the same place. */
  async revive(): Promise<void> {
    this.program = Running.start("relay", "--listen", `127.0.0.1:${this.port}`, "--name", this.name);
    await this.program.says(/listening on/i);
  }

  end(): Promise<void> {
    return this.program.end();
  }
}
