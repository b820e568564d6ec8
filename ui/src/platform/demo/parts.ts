import type { Measurement } from "../../protocol/Measurement";
import type { SessionDetail } from "../../protocol/SessionDetail";
import type { Settings } from "../../protocol/Settings";
import { type AnyMeasurement, OWN_COLUMNS, QUALITY_CODES, rowOf, SERIES_COLUMNS, STATUS_CODES } from "../../session/series";
import { type ColumnTable, tableOf } from "../columns";
import { RandomStream } from "./random";
import { DemoSession } from "./session";

/** Ids of one file: enough for all parts of 16 electrodes. */
const IDS_PER_FILE = 400;
const IDS_PER_SESSION = 1_000_000;
const PARTS_PER_ELECTRODE = 20;

/** Where a number belongs. */
export interface DemoPart {
  file: number;
  electrode: number;
  /** From 1. */
  part: number;
}

/** A pretended session whose files hold several parts, each of which is measured: segments, or steps. */
export abstract class DemoPartSession extends DemoSession {
  protected abstract readonly handle: string;

  /** Numbers of the parts that these settings measure. */
  protected abstract partsOf(settings: Settings): number[];
  /** What is measured of a part, without what all measurements have. */
  protected abstract measure(place: DemoPart, settings: Settings): Partial<AnyMeasurement>;
  /** All measured parts of an electrode, as columns. */
  protected abstract curves(place: Omit<DemoPart, "part">, settings: Settings): { columns: Record<string, number[]>; about: Record<string, unknown> };

  override place(file: number): { index: number; frequency_hz: number; name: string } {
    return { index: file + 1, frequency_hz: Number.NaN, name: `${this.handle}_${file + 1}.txt` };
  }

  override failureOf(file: number): { reason: string; message: string } | null {
    if (this.trouble) return { reason: this.trouble.reason, message: this.trouble.message(this.place(file).name) };
    if (file % 23 !== 16) return null;
    return { reason: "header_only", message: "The file has a header and no data: the instrument stopped before the first point." };
  }

  override measurements(file: number): Measurement[] {
    return this.measuredWith(file, this.settings);
  }

  protected measuredWith(file: number, settings: Settings): Measurement[] {
    const { index, name } = this.place(file);
    const common = {
      session: this.id, revision: this.revision, file: name, file_revision: 1, frequency_hz: null, index,
      time: this.timeOf(file).toISOString(), time_source: "modified" as const, method: settings.technique === "cv" ? settings.cv.method : "exponential",
      peak_current_a: null, peak_potential_v: null, baseline_current_a: null, area_va: null, charge_c: null, fwhm_v: null,
      snr: null, polarity: null,
    };
    const failure = this.failureOf(file);
    if (failure) {
      const measurement = this.#idOf(file, 0, 0);
      return [{ ...common, ...failure, measurement, electrode: null, status: "failed", quality: "fail", excluded: this.excluded.has(measurement) }];
    }
    return Array.from({ length: this.experiment.electrodes }, (_, k) => k + 1).flatMap((electrode) =>
      this.partsOf(settings).map((part): Measurement => {
        const measurement = this.#idOf(file, electrode, part);
        const own = this.measure({ file, electrode, part }, settings);
        return { ...common, status: "ok", reason: null, message: null, quality: "pass", ...own, measurement, electrode, excluded: this.excluded.has(measurement) };
      }),
    );
  }

  override find(id: number): { measurement: Measurement; file: number } | null {
    const file = Math.floor((id - this.number * IDS_PER_SESSION) / IDS_PER_FILE);
    const measurement = this.measurements(file).find((m) => m.measurement === id);
    return measurement ? { measurement, file } : null;
  }

  override series(): ColumnTable {
    const names = [...SERIES_COLUMNS, ...OWN_COLUMNS];
    const columns: Record<string, number[]> = { electrode: [], frequency_hz: [] };
    for (const name of names) columns[name] = [];
    for (let file = 0; file < this.filesDone; file += 1) {
      for (const measurement of this.measurements(file)) {
        columns.electrode?.push(measurement.electrode ?? Number.NaN);
        columns.frequency_hz?.push(Number.NaN);
        const row = rowOf(measurement);
        for (const name of names) columns[name]?.push(row[name] ?? Number.NaN);
      }
    }
    return tableOf(columns, { status: STATUS_CODES, quality: QUALITY_CODES });
  }

  override trends(): ColumnTable {
    return tableOf({ electrode: [], index: [], x: [], normalized_low: [], normalized_high: [], ratio: [], kdm: [] }, null);
  }

  override sweep(id: number, settings: Settings | null): ColumnTable | null {
    const found = this.find(id);
    const electrode = found?.measurement.electrode;
    if (!found || electrode == null) return null;
    const { columns, about } = this.curves({ file: found.file, electrode }, settings ?? this.settings);
    const measurement = this.measuredWith(found.file, settings ?? this.settings).find((m) => m.measurement === id) ?? null;
    return tableOf(columns, { ...about, measurement, electrode, stored: found.measurement });
  }

  override detail(): SessionDetail {
    return { ...super.detail(), frequencies_hz: [] };
  }

  #idOf(file: number, electrode: number, part: number): number {
    return this.number * IDS_PER_SESSION + file * IDS_PER_FILE + electrode * PARTS_PER_ELECTRODE + part;
  }

  /** A deviation of about one, always the same for the same place. */
  protected deviation(...place: number[]): number {
    return new RandomStream(this.experiment.seed, ...place).normal();
  }
}
