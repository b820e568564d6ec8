import type { FileEntry } from "../../protocol/FileEntry";
import type { FileState } from "../../protocol/FileState";
import type { Marker } from "../../protocol/Marker";
import type { MarkedPoints } from "../../protocol/MarkedPoints";
import type { Measurement } from "../../protocol/Measurement";
import type { SessionDetail } from "../../protocol/SessionDetail";
import type { SessionState } from "../../protocol/SessionState";
import type { SessionSummary } from "../../protocol/SessionSummary";
import type { Settings } from "../../protocol/Settings";
import type { SettingsRevision } from "../../protocol/SettingsRevision";
import type { Source } from "../../protocol/Source";
import { QUALITY_CODES, rowOf, SERIES_COLUMNS, STATUS_CODES } from "../../session/series";
import type { ColumnTable } from "../columns";
import { tableOf } from "../columns";
import { analyse } from "./analysis";
import { withoutDrift } from "./drift";
import { concentrationOf } from "./calibration";
import type { Experiment } from "./experiment";
import { INJECTIONS, injectionIndex, peakTruth, sweepOf } from "./experiment";
import { atMarks, DemoMarks, markedMeasurement, partsOf } from "./marks";
import { RandomStream } from "./random";
import { expiryOf } from "./sources";

/** Ids of different sessions never meet. */
const IDS_PER_SESSION = 1_000_000;

/** One pretended session: results are computed from the model when asked for, so that any length costs nothing. */
export class DemoSession {
  state: SessionState = "running";
  reason: string | null = null;
  ended_at: string | null = null;
  /** Seconds that it stays after its end; null: for good. */
  lifetime_s: number | null = null;
  /** Since when its time counts, where that was chosen after its end. */
  restingSince: string | null = null;
  seq = 1;
  /** Files measured so far; each is one index at one frequency. */
  filesDone = 0;
  revisions: SettingsRevision[];
  markers: Marker[] = [];
  readonly excluded = new Set<number>();
  /** Whether its settings have a binding curve. */
  hasCalibration = false;
  readonly marks = new DemoMarks();
  /** Why none of its files can be measured; null where they can. */
  trouble: { reason: string; message: (file: string) => string } | null = null;

  constructor(
    readonly number: number,
    readonly id: string,
    public name: string,
    readonly source: Source,
    settings: Settings,
    readonly experiment: Experiment,
    readonly createdAt: Date,
  ) {
    this.revisions = [{ revision: 1, at: createdAt.toISOString(), settings }];
  }

  get settings(): Settings {
    return (this.revisions.at(-1) as SettingsRevision).settings;
  }

  get revision(): number {
    return this.revisions.length;
  }

  get filesExpected(): number {
    return this.experiment.indices * this.experiment.frequencies_hz.length;
  }

  /** Sets the markers of the injections that have happened by now. */
  markInjections(): Marker[] {
    const done = this.filesDone / this.experiment.frequencies_hz.length;
    const due = INJECTIONS.map(({ share, micromolar }, k) => ({
      id: `00000000-0000-4000-8000-00000000${String(this.number).padStart(2, "0")}0${k}`,
      kind: micromolar > 0 ? ("injection" as const) : ("event" as const),
      index: injectionIndex(this.experiment, share),
      label: micromolar > 0 ? `${micromolar} µM target` : "Wash with buffer",
    })).filter(({ index, id }) => index <= done && !this.markers.some((marker) => marker.id === id));
    this.markers.push(...due);
    return due;
  }

  place(file: number): { index: number; frequency_hz: number; name: string } {
    const frequencies = this.experiment.frequencies_hz;
    const index = Math.floor(file / frequencies.length) + 1;
    const frequency_hz = frequencies[file % frequencies.length] ?? 0;
    return { index, frequency_hz, name: `SWV_${frequency_hz}Hz_${index}.txt` };
  }

  timeOf(file: number): Date {
    const { interval_s, frequencies_hz } = this.experiment;
    return new Date(this.createdAt.getTime() + ((file + 1) / frequencies_hz.length) * interval_s * 1000);
  }

  /** A few files that a real folder also has: unusable ones, each with its reason. */
  failureOf(file: number): { reason: string; message: string } | null {
    if (this.trouble) return { reason: this.trouble.reason, message: this.trouble.message(this.place(file).name) };
    const chance = new RandomStream(this.experiment.seed, 7, file).uniform();
    if (file < 8 || chance > 0.0035) return null;
    return chance > 0.0018
      ? { reason: "header_only", message: "The file has a header and no data: the instrument stopped before the first point." }
      : { reason: "not_a_number", message: "Line 64 has NaN where a current should be, so the sweep is incomplete." };
  }

  measurements(file: number): Measurement[] {
    return this.automatic(file).map((measurement) => {
      const points = this.marks.of(measurement.measurement);
      return points ? this.#atMarks(file, measurement, points) : measurement;
    });
  }

  #atMarks(file: number, automatic: Measurement, points: MarkedPoints): Measurement {
    const { index, frequency_hz } = this.place(file);
    const sweep = sweepOf(this.experiment, automatic.electrode ?? 1, frequency_hz, index);
    return markedMeasurement(automatic, points, atMarks(sweep, analyse(sweep, this.settings), points));
  }

  /** What the method gives, whatever is marked. */
  automatic(file: number): Measurement[] {
    const { index, frequency_hz, name } = this.place(file);
    const failure = this.failureOf(file);
    const common = {
      session: this.id,
      revision: this.revision,
      file: name,
      file_revision: 1,
      frequency_hz,
      index,
      time: this.timeOf(file).toISOString(),
      time_source: "modified" as const,
      method: this.settings.peak.method,
      charge_c: null,
    };
    const nothing = {
      peak_current_a: null,
      peak_potential_v: null,
      baseline_current_a: null,
      area_va: null,
      fwhm_v: null,
      snr: null,
      polarity: null,
    };
    if (failure) {
      const measurement = this.#idOf(file, 0);
      const excluded = this.excluded.has(measurement);
      return [{ ...common, ...nothing, ...failure, measurement, electrode: null, status: "failed", quality: "fail", excluded }];
    }
    return Array.from({ length: this.experiment.electrodes }, (_, k): Measurement => {
      const electrode = k + 1;
      const measurement = this.#idOf(file, electrode);
      const own = { ...common, measurement, electrode, excluded: this.excluded.has(measurement) };
      if (new RandomStream(this.experiment.seed, 8, electrode, file).uniform() < 0.0025) {
        const message = "No peak stands out from the noise in this sweep.";
        return { ...own, ...nothing, status: "warning", reason: "no_peak", message, quality: "fail" };
      }
      const truth = peakTruth(this.experiment, electrode, frequency_hz, index);
      return {
        ...own,
        status: "ok",
        reason: null,
        message: null,
        peak_current_a: truth.height_a,
        peak_potential_v: truth.potential_v,
        baseline_current_a: 150e-9 * (frequency_hz / 15) ** 0.7,
        area_va: truth.height_a * truth.width_v * 1.13,
        fwhm_v: truth.width_v,
        snr: 80 + 6 * new RandomStream(electrode, file).normal(),
        polarity: "up",
        quality: "pass",
      };
    });
  }

  /** The measurement with this id, and its file. */
  find(id: number): { measurement: Measurement; file: number } | null {
    const local = id - this.number * IDS_PER_SESSION;
    const file = Math.floor(local / 20);
    const measurement = this.measurements(file).find((m) => m.measurement === id);
    return measurement ? { measurement, file } : null;
  }

  series(): ColumnTable {
    const columns: Record<string, number[]> = { electrode: [], frequency_hz: [] };
    for (const name of SERIES_COLUMNS) columns[name] = [];
    for (let file = 0; file < this.filesDone; file += 1) {
      for (const measurement of this.measurements(file)) {
        columns.electrode?.push(measurement.electrode ?? Number.NaN);
        columns.frequency_hz?.push(measurement.frequency_hz ?? Number.NaN);
        const row = rowOf(measurement);
        for (const name of SERIES_COLUMNS) columns[name]?.push(row[name]);
      }
    }
    return tableOf(columns, { status: STATUS_CODES, quality: QUALITY_CODES });
  }

  trends(first: number, last: number): ColumnTable {
    const { electrodes, frequencies_hz, interval_s } = this.experiment;
    const { normalize_to, kdm: definition, x } = this.settings.trend;
    const low_hz = this.settings.trend.low_frequency_hz || Math.min(...frequencies_hz);
    const high_hz = this.settings.trend.high_frequency_hz || Math.max(...frequencies_hz);
    const rows: Record<string, number[]> = {
      electrode: [], index: [], x: [], normalized_low: [], normalized_high: [], ratio: [], kdm: [], drift_corrected: [], concentration_m: [],
    };
    const to = Math.min(last || Number.POSITIVE_INFINITY, Math.ceil(this.filesDone / frequencies_hz.length));
    const current = (index: number, frequency_hz: number): Map<number | null, number> => {
      const file = (index - 1) * frequencies_hz.length + frequencies_hz.indexOf(frequency_hz);
      if (file < 0 || file >= this.filesDone) return new Map();
      const usable = this.measurements(file).filter((m) => !m.excluded);
      return new Map(usable.map((m) => [m.electrode, m.peak_current_a ?? Number.NaN]));
    };
    const reference = normalize_to >= 0 ? [current(normalize_to, low_hz), current(normalize_to, high_hz)] : null;
    for (let index = Math.max(1, first); index <= to; index += 1) {
      const [lows, highs] = [current(index, low_hz), current(index, high_hz)];
      for (let electrode = 1; electrode <= electrodes; electrode += 1) {
        const low = (lows.get(electrode) ?? Number.NaN) / (reference ? (reference[0]?.get(electrode) ?? Number.NaN) : 1);
        const high = (highs.get(electrode) ?? Number.NaN) / (reference ? (reference[1]?.get(electrode) ?? Number.NaN) : 1);
        rows.electrode?.push(electrode);
        rows.index?.push(index);
        rows.x?.push(x === "index" ? index : index * interval_s);
        rows.normalized_low?.push(low);
        rows.normalized_high?.push(high);
        // One frequency has neither; KDM in per cent, as the engine gives it.
        const kdm = 100 * (definition === "difference" ? high - low + 1 : (high - low) / ((high + low) / 2));
        rows.ratio?.push(low_hz === high_hz ? Number.NaN : high / low);
        rows.kdm?.push(low_hz === high_hz ? Number.NaN : kdm);
          const isCalibrated = this.settings.calibration.source !== "off";
          rows.concentration_m?.push(this.hasCalibration ? demoConcentration(high / low) : isCalibrated ? concentrationOf(kdm) : Number.NaN);
      }
    }
    rows.drift_corrected = withoutDrift(rows, this.#undisturbed(rows, first), this.settings.trend);
    return tableOf(rows, null);
  }

  /** The rows that a drift is fitted to, which may not be among those that are asked for. */
  #undisturbed(rows: Record<string, number[]>, first: number): Record<string, number[]> {
    const [from, to] = this.settings.trend.drift_range;
    if (from === undefined || to === undefined || first <= from) return rows;
    const table = this.trends(from, to);
    return Object.fromEntries(["electrode", "index", "kdm"].map((name) => [name, [...table.column(name)]]));
  }

  sweep(id: number, settings: Settings | null, points: MarkedPoints | null = null): ColumnTable | null {
    const found = this.find(id);
    if (!found || found.measurement.electrode === null) return null;
    const { index, frequency_hz } = this.place(found.file);
    const sweep = sweepOf(this.experiment, found.measurement.electrode, frequency_hz, index);
    return sweepTable(sweep, settings ?? this.settings, found.measurement, points ?? this.marks.of(id));
  }

  files(states: readonly FileState[]): FileEntry[] {
    const entries: FileEntry[] = [];
    for (let file = 0; file < this.filesDone; file += 1) entries.push(this.fileEntry(file, "measured"));
    if (this.state === "running" && this.filesDone < this.filesExpected) {
      entries.push(this.fileEntry(this.filesDone, "partial"));
    }
    return entries.filter((entry) => states.length === 0 || states.includes(entry.state));
  }

  fileEntry(file: number, state: FileState): FileEntry {
    const { index, frequency_hz, name } = this.place(file);
    const failure = this.failureOf(file);
    const partial = state === "partial";
    return {
      file: name,
      file_revision: partial ? 0 : 1,
      state: partial ? "partial" : failure ? "skipped" : "measured",
      reason: partial ? "still_written" : (failure?.reason ?? null),
      message: partial ? "68 of 121 points are there; the rest is awaited." : (failure?.message ?? null),
      bytes: (partial ? 68 : 121) * (this.experiment.electrodes + 1) * 14,
      format: "delimited",
      index,
      frequency_hz,
      points: partial ? 68 : 121,
      expected_points: 121,
      at: this.timeOf(file).toISOString(),
    };
  }

  summary(): SessionSummary {
    let skipped = 0;
    for (let file = 0; file < this.filesDone; file += 1) if (this.failureOf(file)) skipped += 1;
    const isWriting = this.state === "running" && this.filesDone < this.filesExpected;
    const summary: SessionSummary = {
      session: this.id,
      name: this.name,
      technique: this.settings.technique,
      source: this.source.kind,
      state: this.state,
      reason: this.reason,
      folder: this.source.folder,
      files: this.filesDone + (isWriting ? 1 : 0),
      files_measured: this.filesDone - skipped,
      files_skipped: skipped,
      files_partial: isWriting ? 1 : 0,
      files_expected: this.source.kind === "simulated" ? this.filesExpected : null,
      measurements: this.filesDone * this.experiment.electrodes,
      revision: this.revision,
      seq: this.seq,
      created_at: this.createdAt.toISOString(),
      ended_at: this.ended_at,
      last_measured_at: this.filesDone > 0 ? this.timeOf(this.filesDone - 1).toISOString() : null,
      expires_after_s: null,
      expires_at: null,
    };
    return { ...summary, ...expiryOf(this, summary) };
  }

  detail(): SessionDetail {
    const any = this.filesDone > 0 && this.trouble === null;
    return {
      summary: this.summary(),
      source: this.source,
      settings: this.settings,
      revisions: [...this.revisions],
      markers: [...this.markers].sort((a, b) => a.index - b.index),
      electrodes: any ? Array.from({ length: this.experiment.electrodes }, (_, k) => k + 1) : [],
      frequencies_hz: any ? this.experiment.frequencies_hz.slice(0, this.filesDone) : [],
    };
  }

  #idOf(file: number, electrode: number): number {
    return this.number * IDS_PER_SESSION + file * 20 + electrode;
  }

  static numberOf(measurement: number): number {
    return Math.floor(measurement / IDS_PER_SESSION);
  }
}

/** From the ratio of the normalised peaks, as a binding curve would have it; what lies outside of the curve has no number. */
function demoConcentration(ratio: number): number {
  const bound = (ratio - 1) / 0.72;
  return bound > 0.004 && bound < 0.97 ? (6e-6 * bound) / (1 - bound) : Number.NaN;
}

export function sweepTable(
  sweep: { potential_v: Float64Array; raw_a: Float64Array },
  settings: Settings,
  measurement: Measurement,
  marked: MarkedPoints | null = null,
): ColumnTable {
  const automatic = analyse(sweep, settings);
  const isMarked = marked !== null && partsOf(marked) !== null;
  const { smoothed_a, baseline_a, peak } = isMarked ? atMarks(sweep, automatic, marked) : automatic;
  const numbered = [...baseline_a.keys()].filter((k) => Number.isFinite(baseline_a[k]));
  const end = (k: number | undefined) => (k === undefined ? null : { potential_v: sweep.potential_v[k], current_a: baseline_a[k] });
  const about: Measurement = {
    ...measurement,
    peak_current_a: peak?.current_a ?? null,
    peak_potential_v: peak?.potential_v ?? null,
    baseline_current_a: peak?.baseline_a ?? null,
    area_va: peak?.area_va ?? null,
    fwhm_v: peak?.fwhm_v ?? null,
    snr: peak?.snr ?? null,
  };
  const stored = measurement.measurement === null ? {} : { stored: measurement };
  return tableOf(
    { potential_v: sweep.potential_v, raw_a: sweep.raw_a, smoothed_a, baseline_a },
    {
      measurement: about,
      electrode: measurement.electrode,
      marked: isMarked ? marked : null,
      // The demo's sweeps run to lower potentials.
      baseline_left: end(numbered.at(-1)),
      baseline_right: end(numbered[0]),
      ...stored,
    },
  );
}

/** Curves that give no measurement. */
export function curvesAlone(sweep: { potential_v: Float64Array; raw_a: Float64Array }, electrode: number): ColumnTable {
  const none = new Float64Array(sweep.raw_a.length).fill(Number.NaN);
  return tableOf(
    { potential_v: sweep.potential_v, raw_a: sweep.raw_a, smoothed_a: sweep.raw_a, baseline_a: none },
    { measurement: null, electrode },
  );
}
