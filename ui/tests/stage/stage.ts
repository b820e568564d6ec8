// Everything that a test of the page needs: a relay, agents with their instruments, the network before a browser, and the browser.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { RunnerTask } from "vitest";

import { Agent, type Place } from "./agent";
import { Chromium, type Looks, Visitor } from "./browser";
import { Instrument } from "./instrument";
import { Relay } from "./relay";
import { Wire } from "./wire";

/** An agent with its instrument. */
export interface Laboratory {
  agent: Agent;
  instrument: Instrument;
}

/** Another experiment than the usual titration at two frequencies; one file for each index. */
export interface Experiment {
  /** For `sacmes simulate`. */
  simulated: readonly string[];
  /** Settings as in `settings.toml`. */
  settings: string;
}

export class Stage {
  #agents: Agent[] = [];
  #laboratories = 0;
  #visitors: Visitor[] = [];

  private constructor(
    readonly relay: Relay,
    readonly wire: Wire,
    private readonly chromium: Chromium,
    private readonly folder: string,
  ) {}

  static async set(): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "sacmes-browser-"));
    const wire = await Wire.lay();
    const relay = await Relay.start(wire.name);
    wire.leadTo(relay.port);
    return new Stage(relay, wire, await Chromium.launch(), folder);
  }

  /** An agent that shares, with an instrument that can measure so many indices and has saved the first of them. */
  async laboratory(name: string, files: number, saved: number, other?: Experiment): Promise<Laboratory> {
    const own = join(this.folder, `laboratory ${++this.#laboratories}`);
    const instrument = new Instrument(own, join(own, "instrument"), other?.simulated);
    await instrument.prepare(files);
    await instrument.save(1, saved);
    const place: Place = { watched: instrument.folder, data: join(own, "data"), relay: this.relay.address, name };
    if (other) {
      place.settings = join(own, "settings.toml");
      place.filesAnIndex = 1;
      await writeFile(place.settings, other.settings);
    }
    const agent = await Agent.start(place);
    this.#agents.push(agent);
    await agent.hasMeasured(saved);
    return { agent, instrument };
  }

  /** Somebody with a browser of their own. */
  async visitor(looks: Looks = {}): Promise<Visitor> {
    const visitor = await this.chromium.visitor(this.wire, looks);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** After a test: whoever came leaves, and nothing may have gone wrong on any page. What a failed test saw is kept as pictures. */
  async visitorsLeave(task?: Readonly<RunnerTask>): Promise<void> {
    const left = this.#visitors;
    this.#visitors = [];
    const hasFailed = task?.result?.state === "fail";
    for (const [k, visitor] of left.entries()) {
      if (hasFailed) await visitor.shows(`failed-${task.name.replace(/\W+/g, "-").slice(0, 60)}-${k + 1}`);
    }
    for (const visitor of left) await visitor.leave();
  }

  async end(): Promise<void> {
    await this.visitorsLeave();
    await this.chromium.close();
    await Promise.all(this.#agents.map((agent) => agent.end()));
    await this.wire.end();
    await this.relay.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}
