// The simulated potentiostat: what it measures is made at once, and saved into the watched folder when a test wants it.

import { copyFile, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";

import { Running, sacmes } from "./program";

/** What an instrument measures: a file for each index and frequency. */
export interface Experiment {
  /** For `sacmes simulate`. */
  options: readonly string[];
  filesPerIndex: number;
  /** What the agent is told about it, as TOML; null: nothing. */
  settings: string | null;
}

/** A titration at two frequencies. */
export const TITRATION: Experiment = {
  options: ["--electrodes", "2", "--frequencies", "15,200", "--handle", "CF"],
  filesPerIndex: 2,
  settings: null,
};

/** Frequency maps: the first without target, the last with. */
export const MAPS: Experiment = {
  options: ["--technique", "frequency_map", "--electrodes", "2", "--frequencies", "10,30,100,300", "--handle", "CF"],
  filesPerIndex: 4,
  settings: 'technique = "frequency_map"\n',
};

export class Instrument {
  readonly #drawer: string;
  /** Indices of the whole experiment; on them depends when what is injected. */
  #files = 0;

  /** Measures in a folder of its own, saves into `folder`. */
  constructor(
    private readonly own: string,
    readonly folder: string,
    private readonly experiment: Experiment = TITRATION,
  ) {
    this.#drawer = join(own, "drawer");
  }

  async prepare(files: number): Promise<void> {
    this.#files = files;
    await mkdir(this.folder, { recursive: true });
    await sacmes("simulate", this.#drawer, ...this.experiment.options, "--files", String(files), "--interval", "0", "--style", "burst");
  }

  /** Saves the files of these indices, each in one piece, as instruments do that write elsewhere first; or only of one frequency. */
  async save(first: number, last: number, frequency_hz?: number): Promise<void> {
    for (const name of await readdir(this.#drawer)) {
      const index = Number(/_(\d+)\.[a-z]+$/i.exec(name)?.[1]);
      if (index < first || index > last) continue;
      if (frequency_hz !== undefined && !name.includes(`_${frequency_hz}Hz_`)) continue;
      const half = join(this.own, name);
      await copyFile(join(this.#drawer, name), half);
      await rename(half, join(this.folder, name));
    }
  }

  /** Measures what is left by itself, line by line, at its own pace. */
  run(interval_s: number): Running {
    const pace = ["--files", String(this.#files), "--interval", String(interval_s), "--style", "append"];
    return Running.start("simulate", this.folder, ...this.experiment.options, ...pace);
  }
}
