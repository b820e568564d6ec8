// The simulated potentiostat: what it measures is made at once, and saved into the watched folder when a test wants it.

import { copyFile, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";

import { Running, sacmes } from "./program";

/** One experiment: a file for each index and frequency. */
const EXPERIMENT = ["--electrodes", "2", "--frequencies", "15,200", "--handle", "CF"];

export class Instrument {
  readonly #drawer: string;
  /** Indices of the whole experiment; on them depends when what is injected. */
  #files = 0;

  /** Measures in a folder of its own, saves into `folder`. */
  constructor(
    private readonly own: string,
    readonly folder: string,
    private readonly experiment: readonly string[] = EXPERIMENT,
  ) {
    this.#drawer = join(own, "drawer");
  }

  async prepare(files: number): Promise<void> {
    this.#files = files;
    await mkdir(this.folder, { recursive: true });
    await sacmes("simulate", this.#drawer, ...this.experiment, "--files", String(files), "--interval", "0", "--style", "burst");
  }

  /** Saves the files of these indices, each in one piece, as instruments do that write elsewhere first. */
  async save(first: number, last: number): Promise<void> {
    for (const name of await readdir(this.#drawer)) {
      const index = Number(/_(\d+)\.[a-z]+$/i.exec(name)?.[1]);
      if (index < first || index > last) continue;
      const half = join(this.own, name);
      await copyFile(join(this.#drawer, name), half);
      await rename(half, join(this.folder, name));
    }
  }

  /** Measures what is left by itself, line by line, at its own pace. */
  run(interval_s: number): Running {
    const pace = ["--files", String(this.#files), "--interval", String(interval_s), "--style", "append"];
    return Running.start("simulate", this.folder, ...this.experiment, ...pace);
  }
}
