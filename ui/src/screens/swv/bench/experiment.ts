import { tableOf, type ColumnTable } from "../../../platform/columns";
import type { AnswerTo, Platform } from "../../../platform/platform";
import type { ColumnQuery } from "../../../protocol/ColumnQuery";
import type { Event } from "../../../protocol/Event";
import type { Measurement } from "../../../protocol/Measurement";
import type { Query } from "../../../protocol/Query";
import type { SessionDetail } from "../../../protocol/SessionDetail";
import { SERIES_COLUMNS, rowOf } from "../../../session/series";
import { defaultSettings } from "../../../settings/defaults";

export const ELECTRODES = 16;
export const FREQUENCIES_HZ = [15, 60, 200];
export const SESSION = "5e551000-0000-4000-8000-00000000be7c";
const POINTS = 500;
const BEGIN_MS = Date.UTC(2025, 5, 12, 8);
const INTERVAL_S = 12;

/** A number between -1 and 1 that depends on nothing but its arguments. */
function noise(...keys: number[]): number {
  let state = 0x9e3779b9;
  for (const key of keys) state = Math.imul(state ^ key, 0x85ebca6b) ^ (state >>> 13);
  return ((state >>> 0) / 4294967296) * 2 - 1;
}

function measurement(electrode: number, frequency_hz: number, index: number): Measurement {
  const height_a = 1e-7 * (1 + electrode / 8) * Math.sqrt(frequency_hz / 15) * (1 + 0.3 * Math.tanh(index / 400) + 0.01 * noise(electrode, frequency_hz, index));
  const isMissing = noise(index, electrode, frequency_hz, 1) > 0.996;
  const file = (index - 1) * FREQUENCIES_HZ.length + FREQUENCIES_HZ.indexOf(frequency_hz);
  return {
    measurement: file * 20 + electrode,
    session: SESSION,
    revision: 1,
    file: `SWV_${frequency_hz}Hz_${index}.txt`,
    file_revision: 1,
    electrode,
    frequency_hz,
    index,
    time: new Date(BEGIN_MS + index * INTERVAL_S * 1000).toISOString(),
    time_source: "file",
    method: "tangent",
    status: isMissing ? "warning" : "ok",
    reason: isMissing ? "no_peak" : null,
    message: isMissing ? "No peak stands out from the noise in this sweep." : null,
    peak_current_a: isMissing ? null : height_a,
    peak_potential_v: isMissing ? null : -0.26 - 0.001 * electrode + 0.0006 * noise(index, electrode, frequency_hz, 2),
    baseline_current_a: 7.4e-8,
    area_va: height_a * 0.11,
    charge_c: null,
    fwhm_v: 0.1,
    snr: 80,
    polarity: "up",
    quality: isMissing ? "fail" : "pass",
    excluded: false,
  };
}

/** A host with the measurements of `files` files, which more can be added to: what the engine would answer, at no cost. */
export class BenchHost {
  files: number;
  /** Made beforehand, so that opening the session costs what it costs the window alone. */
  readonly #first: { series: ColumnTable; trends: ColumnTable };
  #listener: (events: Event[]) => void = () => {};
  #seq = 1;

  constructor(files: number) {
    this.files = files;
    this.#first = { series: this.#series(), trends: this.#trends(0, 0) };
  }

  /** Lets the next file arrive. */
  arrive(): void {
    const measurements = this.#measurements(this.files);
    this.files++;
    this.#seq++;
    this.#listener([
      { event: "measured", session: SESSION, seq: this.#seq, offset: this.#seq, at: new Date().toISOString(), measurements },
    ]);
  }

  platform(): Platform {
    const nothing = (): Promise<never> => Promise.reject({ code: "bench", message: "The bench does not do this.", hint: "" });
    return {
      capabilities: { control: { can: true }, folders: { can: true }, identity: { can: true }, sharing: { can: true } },
      following: null,
      query: async <Q extends Query>(query: Q) => this.#answer(query) as AnswerTo<Q["query"]>,
      columns: async (query) => this.#columns(query),
      command: nothing,
      subscribe: async (listener) => {
        this.#listener = listener;
        return () => {};
      },
      identity: { status: nothing, copy: nothing, consentToFile: nothing, restore: nothing },
      sharing: { status: nothing, turnOn: nothing, turnOff: nothing, renewViewOnlyCode: nothing, renewUserId: nothing },
      chooseFolder: nothing,
      chooseFiles: nothing,
      chooseDestination: nothing,
      reveal: nothing,
      appInfo: async () => ({ version: "", profile: "", data_folder: "", computer: "", desktop: true }),
    };
  }

  #measurements(file: number): Measurement[] {
    const index = Math.floor(file / FREQUENCIES_HZ.length) + 1;
    const frequency_hz = FREQUENCIES_HZ[file % FREQUENCIES_HZ.length] ?? 0;
    return Array.from({ length: ELECTRODES }, (_, k) => measurement(k + 1, frequency_hz, index));
  }

  #answer(query: Query): unknown {
    if (query.query === "session") return { answer: "session", detail: this.#detail() };
    return { answer: "sessions", sessions: [] };
  }

  #columns(query: ColumnQuery): ColumnTable {
    const isOpening = this.#seq === 1;
    if (query.query === "series") return isOpening ? this.#first.series : this.#series();
    if (query.query === "trends" && isOpening && query.last_index === 0) return this.#first.trends;
    if (query.query === "trends") return this.#trends(query.first_index, query.last_index);
    return this.#sweep(query.query === "sweep" ? query.measurement : 1);
  }

  #series(): ColumnTable {
    const columns: Record<string, number[]> = { electrode: [], frequency_hz: [] };
    for (const name of SERIES_COLUMNS) columns[name] = [];
    for (let file = 0; file < this.files; file++) {
      for (const one of this.#measurements(file)) {
        columns.electrode?.push(one.electrode ?? Number.NaN);
        columns.frequency_hz?.push(one.frequency_hz ?? Number.NaN);
        const row = rowOf(one);
        for (const name of SERIES_COLUMNS) columns[name]?.push(row[name]);
      }
    }
    return tableOf(columns, null);
  }

  #trends(first: number, last: number): ColumnTable {
    const rows: Record<string, number[]> = { electrode: [], index: [], x: [], normalized_low: [], normalized_high: [], ratio: [], kdm: [], concentration_m: [] };
    const end = Math.min(last || Infinity, Math.floor(this.files / FREQUENCIES_HZ.length));
    const [low_hz, high_hz] = [15, 200];
    for (let electrode = 1; electrode <= ELECTRODES; electrode++) {
      const of = (frequency_hz: number, index: number) => measurement(electrode, frequency_hz, index).peak_current_a ?? Number.NaN;
      const references = [of(low_hz, 1), of(high_hz, 1)] as const;
      for (let index = Math.max(1, first); index <= end; index++) {
        const low = of(low_hz, index) / references[0];
        const high = of(high_hz, index) / references[1];
        rows.electrode?.push(electrode);
        rows.index?.push(index);
        rows.x?.push(index);
        rows.normalized_low?.push(low);
        rows.normalized_high?.push(high);
        rows.ratio?.push(high / low);
        rows.kdm?.push((high - low + 1) * 100);
        rows.concentration_m?.push(Number.NaN);
      }
    }
    return tableOf(rows, null);
  }

  #sweep(id: number): ColumnTable {
    const file = Math.floor(id / 20);
    const about = this.#measurements(file)[(id % 20) - 1] ?? this.#measurements(file)[0];
    const potential_v = Float64Array.from({ length: POINTS }, (_, k) => -0.001 * k);
    const height_a = about?.peak_current_a ?? 0;
    const peak = (v: number) => height_a / Math.cosh((v + 0.26) / 0.05) ** 2;
    const smoothed_a = potential_v.map((v) => 1e-7 + v * 1e-7 + peak(v));
    const raw_a = smoothed_a.map((v, k) => v + 2e-9 * noise(k, id));
    const baseline_a = potential_v.map((v) => (v > -0.45 && v < -0.08 ? 1e-7 + v * 1e-7 : Number.NaN));
    return tableOf({ potential_v, raw_a, smoothed_a, baseline_a }, { measurement: about, stored: about });
  }

  #detail(): SessionDetail {
    return {
      summary: {
        session: SESSION,
        name: "Bench",
        technique: "swv",
        source: "watched_folder",
        state: "running",
        reason: null,
        folder: "/bench",
        files: this.files,
        files_measured: this.files,
        files_skipped: 0,
        files_partial: 0,
        files_expected: null,
        measurements: this.files * ELECTRODES,
        revision: 1,
        seq: this.#seq,
        created_at: new Date(BEGIN_MS).toISOString(),
        ended_at: null,
        last_measured_at: null, expires_after_s: null, expires_at: null,
      },
      source: { kind: "watched_folder", folder: "/bench" },
      settings: SETTINGS,
      revisions: [{ revision: 1, at: new Date(BEGIN_MS).toISOString(), settings: SETTINGS }],
      markers: [400, 800, 1400].map((index, k) => ({
        id: `00000000-0000-4000-8000-00000000000${k}`,
        kind: "injection",
        index,
        label: `${k + 1} µM`,
      })),
      electrodes: Array.from({ length: ELECTRODES }, (_, k) => k + 1),
      frequencies_hz: FREQUENCIES_HZ,
    };
  }
}

const SETTINGS = defaultSettings();
