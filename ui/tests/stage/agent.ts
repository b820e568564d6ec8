// An agent that shares: what it says, what it keeps, and what it records.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { Running, sacmes } from "./program";
import { until } from "./waiting";

/** An event as `sacmes agent` prints it. */
export interface AgentEvent {
  event: string;
  [field: string]: unknown;
}

/** One measurement as `sacmes results` prints it. */
export interface Result {
  electrode: number;
  frequency_hz: number;
  index: number;
  peak_current_a: number | null;
}

export interface Place {
  /** Folder into which the instrument saves. */
  watched: string;
  data: string;
  /** Of the relay. */
  relay: string;
  /** Of its session. */
  name: string;
  filesPerIndex: number;
  /** File of its settings; null: the defaults. */
  settings: string | null;
}

export class Agent {
  /** What it printed before it was started again. */
  #earlier: string[] = [];

  private constructor(
    private program: Running,
    private readonly place: Place,
    public userId: string,
    public viewOnlyCode: string,
  ) {}

  static async start(place: Place): Promise<Agent> {
    const userId = (await sacmes("id", "--data-dir", place.data)).trim();
    const agent = new Agent(launched(place), place, userId, "");
    await agent.isShared();
    return agent;
  }

  /** Waits until it shares; takes over the code for looking from the link that it gives. */
  private async isShared(): Promise<void> {
    const [, code] = await this.program.says(/link for looking: \S+#(\S+)/);
    this.viewOnlyCode = code ?? "";
    await this.program.says(/sharing: connected to/);
  }

  get name(): string {
    return this.place.name;
  }

  get events(): AgentEvent[] {
    return [...this.#earlier, ...this.program.printed].map((line) => JSON.parse(line) as AgentEvent);
  }

  /** Waits for an event in its record. */
  records(what: string, is: (event: AgentEvent) => boolean): Promise<AgentEvent> {
    return until(`the agent records ${what}`, () => this.events.find(is));
  }

  /** Waits until files of these many indices were measured, at all frequencies. */
  async hasMeasured(indices: number): Promise<void> {
    await until(`${indices} indices measured`, () => this.events.filter(({ event }) => event === "measured").length >= this.place.filesPerIndex * indices);
  }

  async results(): Promise<Result[]> {
    const lines = (await sacmes("results", this.name, "--data-dir", this.place.data)).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Result);
  }

  async state(session = this.name): Promise<string> {
    const lines = (await sacmes("sessions", "--json", "--data-dir", this.place.data)).trim().split("\n");
    const sessions = lines.map((line) => JSON.parse(line) as { name: string; state: string });
    return sessions.find(({ name }) => name === session)?.state ?? "none";
  }

  /** A session as `sacmes sessions` tells it. */
  async session(name: string): Promise<Record<string, unknown>> {
    const lines = (await sacmes("sessions", "--json", "--data-dir", this.place.data)).trim().split("\n");
    const sessions = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return sessions.find((session) => session.name === name) ?? {};
  }

  /** The bytes of an export that is made on its own computer. */
  async exported(): Promise<Buffer> {
    const file = join(this.place.data, "exported-here.csv");
    await sacmes("export", this.name, "--out", file, "--data-dir", this.place.data);
    return readFile(file);
  }

  /** Makes the view-only code anew while it does not run, as the command line can. */
  async renewViewOnlyCode(): Promise<void> {
    await this.end();
    await sacmes("share", "renew-view-only-code", "--data-dir", this.place.data);
    await this.again();
  }

  /** Writes a note while it does not run, as the command line can. */
  async writesNote(text: string): Promise<void> {
    await sacmes("notes", "add", text, "--data-dir", this.place.data);
  }

  /** Makes the User ID anew while it does not run. */
  async renewUserId(): Promise<void> {
    await this.end();
    this.userId = (await sacmes("share", "renew-user-id", "--yes", "--data-dir", this.place.data)).trim();
    await this.again();
  }

  /** Starts it again. */
  async again(): Promise<void> {
    this.#earlier.push(...this.program.printed);
    this.program = launched(this.place);
    await this.isShared();
  }

  end(): Promise<void> {
    return this.program.end();
  }

  kill(): Promise<void> {
    return this.program.end("SIGKILL");
  }
}

function launched({ watched, data, relay, name, settings }: Place): Running {
  const given = settings === null ? [] : ["--settings", settings];
  return Running.start("agent", "--watch", watched, "--name", name, "--data-dir", data, "--share", "--relay", relay, ...given);
}
