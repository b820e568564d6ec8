/** The first rows of an export, made of what the engine answers anyway, before anything is written. */

import type { Platform } from "../../platform/platform";
import type { ExportLayout } from "../../protocol/ExportLayout";
import type { Measurement } from "../../protocol/Measurement";
import type { Selection } from "../../protocol/Selection";
import type { SessionId } from "../../protocol/SessionId";
import type { Technique } from "../../protocol/Technique";

/** The beginning of a file. */
export interface FirstRows {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** What stands beside what is shown. */
  note: string;
}

/** Rows that are shown. */
const MOST_ROWS = 8;
/** Measurements looked through for rows of a selection. */
const PAGE = 500;
const MOST_PAGES = 6;

const COMMON = [
  "measurement", "session", "revision", "file", "file_revision", "electrode", "frequency_hz", "index", "time", "time_source", "method",
  "status", "reason", "message", "peak_current_a", "peak_potential_v", "baseline_current_a", "area_va", "charge_c", "fwhm_v", "snr",
  "polarity", "quality", "excluded",
] as const;
const FITTED = ["peak", "peak_current_error_a", "peak_potential_error_v"] as const;

/** Whether a measurement is in a selection, as the engine sees it. */
export function isSelected({ electrodes, frequencies_hz, first_index, last_index }: Selection, m: Measurement): boolean {
  return (
    (electrodes.length === 0 || (m.electrode !== null && electrodes.includes(m.electrode))) &&
    (frequencies_hz.length === 0 || (m.frequency_hz !== null && frequencies_hz.includes(m.frequency_hz))) &&
    (first_index === 0 || (m.index !== null && m.index >= first_index)) &&
    (last_index === 0 || (m.index !== null && m.index <= last_index))
  );
}

/** Columns of the tidy table: the common ones, then what the technique's measurements have besides. */
export function tidyColumns(measurements: readonly Measurement[], technique: Technique): string[] {
  const known = new Set<string>(COMMON);
  const own = measurements.flatMap((measurement) => Object.keys(measurement)).filter((key) => !known.has(key));
  const isFitted = own.some((key) => (FITTED as readonly string[]).includes(key));
  const more = technique === "cv" || technique === "ca" ? [...new Set(own)] : isFitted ? FITTED : [];
  return [...COMMON, ...more];
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) {
    return value.map((probe: { potential_v?: number; current_a?: number }) => `${cell(probe.potential_v)}:${cell(probe.current_a)}`).join(" ");
  }
  return String(value);
}

async function firstMeasurements(platform: Platform, session: SessionId, selection: Selection): Promise<Measurement[]> {
  const found: Measurement[] = [];
  let after = 0;
  for (let page = 0; page < MOST_PAGES && found.length < MOST_ROWS; page++) {
    const { measurements, next } = await platform.query({ query: "results", session, after, limit: PAGE });
    found.push(...measurements.filter((measurement) => isSelected(selection, measurement)));
    if (next === null) break;
    after = next;
  }
  return found.slice(0, MOST_ROWS);
}

const NOTHING_YET = "None of the first measurements is in this selection; the file has those that come later.";

/** What a file of this layout begins with. */
export async function firstRows(
  platform: Platform,
  session: SessionId,
  layout: ExportLayout,
  selection: Selection,
  technique: Technique,
): Promise<FirstRows> {
  switch (layout) {
    case "csv":
    case "xlsx": {
      const measurements = await firstMeasurements(platform, session, selection);
      const columns = tidyColumns(measurements, technique);
      const rows = measurements.map((measurement) => columns.map((column) => cell((measurement as unknown as Record<string, unknown>)[column])));
      const sheets = "The sheet Measurements begins so, with headings in words; Trends, Settings, Files, Markers, Calibration, Statistics and About follow.";
      return { columns, rows, note: rows.length === 0 ? NOTHING_YET : layout === "xlsx" ? sheets : "" };
    }
    case "jsonl": {
      const measurements = await firstMeasurements(platform, session, selection);
      return { columns: ["One object a line"], rows: measurements.map((m) => [JSON.stringify(m)]), note: measurements.length === 0 ? NOTHING_YET : "" };
    }
    case "trends":
      return trendRows(platform, session, selection);
    case "sacmes":
    case "sacmes-web": {
      const measurements = await firstMeasurements(platform, session, selection);
      return predecessorRows(layout, measurements, technique);
    }
    case "archive":
      return {
        columns: ["In the archive", "Holds"],
        rows: [
          ["raw/", "the instrument's files, byte for byte"],
          ["session.json", "session, files, markers and all settings revisions"],
          ["settings.toml", "the settings in force"],
          ["measurements.jsonl", "all results"],
          ["SHA256SUMS, README.txt", "checksums, and what is what"],
        ],
        note: "",
      };
  }
}

/** Trend columns that the engine answers as numbers; the file has texts of some of them besides. */
const TREND_COLUMNS = [
  "electrode", "index", "x", "normalized_low", "normalized_high", "ratio", "kdm", "drift_corrected", "concentration_m",
  "concentration_low_m", "concentration_high_m", "outlier",
] as const;

async function trendRows(platform: Platform, session: SessionId, { electrodes, first_index, last_index }: Selection): Promise<FirstRows> {
  const from = Math.max(1, first_index);
  const to = last_index === 0 ? from + MOST_ROWS : Math.min(last_index, from + MOST_ROWS);
  const table = await platform.columns({ query: "trends", session, first_index: from, last_index: to });
  const columns = TREND_COLUMNS.filter((name) => table.has(name));
  const rows: string[][] = [];
  for (let k = 0; k < table.rows && rows.length < MOST_ROWS; k++) {
    const electrode = table.column("electrode")[k] ?? Number.NaN;
    if (electrodes.length > 0 && !electrodes.includes(electrode)) continue;
    rows.push(columns.map((name) => number(table.column(name)[k])));
  }
  const note = "The file also has time, time_source, range_flag, out_of_range, outlier_deviations, time_not_later and reason.";
  return { columns, rows, note: rows.length === 0 ? "No trend is in the first files of this selection." : note };
}

const number = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? "" : String(value));

/** The predecessors' layouts are made whole by the engine: shown is what their columns are called and which numbers they hold. */
function predecessorRows(layout: "sacmes" | "sacmes-web", measurements: readonly Measurement[], technique: Technique): FirstRows {
  const electrodes = [...new Set(measurements.flatMap(({ electrode }) => (electrode === null ? [] : [electrode])))];
  const frequencies = [...new Set(measurements.flatMap(({ frequency_hz }) => (frequency_hz === null ? [] : [frequency_hz])))];
  if (layout === "sacmes-web") {
    return {
      columns: ["Block", "Of"],
      rows: technique === "frequency_map"
        ? [["Charge", "mean, every electrode, standard deviation"], ["Peak current", "the same"], ["Peak potential", "the same"]]
        : technique === "cv"
          ? [["Parameters", "as they were used"], ["Voltammograms", "forward and reverse peak, charge, separation, probes of each file"], ["Statistics", "of each electrode"]]
          : [["Peak current and potential", "of each frequency, a column for each electrode"], ["Normalised peaks, KDM", "the same"], ["Statistics", "of each electrode"], ["Quality", "what did not pass, with its reason"]],
      note: "The report is put together while it is written.",
    };
  }
  const heads: Record<Technique, string[]> = {
    swv: ["File", "Time(Hrs)", ...electrodes.flatMap((e) => frequencies.map((hz) => `PeakHeight_E${e}_${hz}Hz`)), "… KDM"],
    frequency_map: ["Frequency(Hz)", ...electrodes.flatMap((e) => [`PeakHeight_E${e}(uA)`, `Charge_E${e}(uC)`])],
    cv: ["File", ...electrodes.flatMap((e) => [`E${e}_Forwards_PeakHeight_(µA)`, `E${e}_Reverse_PeakHeight_(µA)`]), "…"],
    ca: ["File", ...electrodes.map((e) => `E${e}_Lifetime(ms)`)],
  };
  return { columns: heads[technique], rows: [], note: "One row for each file, or for each frequency of a map; currents in µA, and nan where there is no number." };
}
