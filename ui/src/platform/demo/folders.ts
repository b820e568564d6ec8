import type { FolderPreview } from "../../protocol/FolderPreview";
import type { Inspection } from "../../protocol/Inspection";
import type { Measurement } from "../../protocol/Measurement";
import type { Refusal } from "../../protocol/Refusal";
import type { Settings } from "../../protocol/Settings";
import type { ColumnTable } from "../columns";
import { analyse } from "./analysis";
import { demoCycle, demoDecay } from "./curves";
import type { Experiment } from "./experiment";
import { sweepOf } from "./experiment";
import { curvesAlone, sweepTable } from "./session";

/** The folder that the demo's folder dialog gives. */
export const DEMO_FOLDER = "/home/ada/experiments/2025-06-12 ATP titration";
/** A folder with tables whose columns nobody can guess. */
export const UNKNOWN_FOLDER = "/home/ada/experiments/own logger";
/** A folder with cyclic voltammograms, which square-wave settings cannot measure. */
export const CV_FOLDER = "/home/ada/experiments/2025-06-11 CV";

const EXPERIMENT: Experiment = { electrodes: 4, frequencies_hz: [15, 60, 200], indices: 148, interval_s: 20, seed: 11 };

function inspection(file: string, change: Partial<Inspection>): Inspection {
  return {
    file,
    format: "chi_text",
    encoding: "utf-8",
    technique: "swv",
    frequency_hz: null,
    scan_rate_v_s: null,
    electrodes: [1, 2, 3, 4],
    points: 121,
    cycles: null,
    complete: true,
    expected_points: 121,
    started_at: null,
    instrument: "CHI1040C",
    reason: null,
    message: null,
    ...change,
  };
}

/** A logger's table: count, potential in mV, temperature, current in nA, humidity. */
const UNKNOWN_LINES = [
  "# bench logger 3, 2025-06-10",
  ...Array.from({ length: 20 }, (_, k) =>
    [k + 1, (-500 + 4 * k).toFixed(1), "24.8", (150 + 40 * Math.exp(-(((k - 10) / 4) ** 2))).toFixed(2), "41"].join(";"),
  ),
];

const NO_SUCH_FOLDER: Refusal = {
  code: "folder_missing",
  message: "There is no folder at this path.",
  hint: "Check the spelling, or connect the drive that holds it.",
};

/** What is found in a folder; `files` restricts it to these. */
export function previewFolder(folder: string, settings: Settings, files: readonly string[] = []): FolderPreview {
  const whole = previewWhole(folder, settings);
  return files.length === 0 ? whole : previewOf(whole, files);
}

function previewOf(whole: FolderPreview, files: readonly string[]): FolderPreview {
  const inspected = files.map((file) => {
    const known = whole.inspected.find((other) => other.file === file);
    const hz = Number(/_(\d+)Hz/u.exec(file)?.[1] ?? Number.NaN);
    return known ?? inspection(file, { frequency_hz: Number.isFinite(hz) ? hz : null });
  });
  const frequencies_hz = [...new Set(inspected.flatMap(({ frequency_hz }) => frequency_hz ?? []))].sort((a, b) => a - b);
  const columns = frequencies_hz.length > 0 ? frequencies_hz : [null];
  return {
    ...whole,
    files: files.length,
    matching: files.length,
    handles: whole.handles.slice(0, 1).map(({ handle }) => ({ handle, files: files.length })),
    inspected,
    frequencies_hz,
    refused: [],
    coverage: columns.flatMap((frequency_hz) =>
      whole.electrodes.map((electrode) => ({
        electrode, frequency_hz, files: inspected.filter((file) => file.frequency_hz === frequency_hz).length,
      })),
    ),
  };
}

function previewWhole(folder: string, settings: Settings): FolderPreview {
  if (folder === UNKNOWN_FOLDER) return previewUnknown(settings);
  if (folder === CV_FOLDER) return previewCv(settings);
  if (folder !== DEMO_FOLDER) throw NO_SUCH_FOLDER;
  const files = EXPERIMENT.indices * 3;
  return {
    folder,
    files: files + 2,
    matching: files,
    handles: [{ handle: "ATP", files }],
    pattern: settings.files.pattern,
    electrodes: [1, 2, 3, 4],
    frequencies_hz: [15, 60, 200],
    index_range: [1, EXPERIMENT.indices],
    inspected: [
      inspection("ATP_15Hz_1.txt", { frequency_hz: 15 }),
      inspection("ATP_60Hz_74.txt", { frequency_hz: 60 }),
      inspection("ATP_200Hz_148.txt", {
        frequency_hz: 200,
        complete: false,
        points: 68,
        reason: "still_written",
        message: "68 of 121 points are there; it is read when it is complete.",
      }),
    ],
    refused: [
      { file: "notes.docx", reason: "not_text", message: "This is a Word document, not an instrument's file." },
      { file: "ATP_setup.txt", reason: "name_has_no_index", message: "The name has no file number where <N> stands." },
    ],
    coverage: [15, 60, 200].flatMap((frequency_hz) =>
      [1, 2, 3, 4].map((electrode) => ({ electrode, frequency_hz, files: EXPERIMENT.indices })),
    ),
    unread: 44,
    technique: "swv",
    table: null,
  };
}

function previewCv(settings: Settings): FolderPreview {
  const isMeasured = settings.technique === "cv";
  const file = (name: string): Inspection =>
    inspection(name, {
      technique: "cv",
      electrodes: [1],
      scan_rate_v_s: 0.1,
      reason: isMeasured ? null : "other_technique",
      message: isMeasured ? null : `${name} holds a cyclic voltammogram, and this session measures something else.`,
    });
  return {
    folder: CV_FOLDER,
    files: 2,
    matching: 2,
    handles: [{ handle: "CV", files: 2 }],
    pattern: settings.files.pattern,
    electrodes: [1],
    frequencies_hz: [],
    index_range: [1, 2],
    inspected: [file("CV_1.txt"), file("CV_2.txt")],
    refused: [],
    coverage: [{ electrode: 1, frequency_hz: null, files: 2 }],
    unread: 0,
    technique: "cv",
    table: null,
  };
}

function previewUnknown(settings: Settings): FolderPreview {
  const isMapped = settings.columns.potential !== null && settings.columns.current !== null;
  const unknown = {
    format: "delimited",
    instrument: null,
    electrodes: isMapped ? [1] : [],
    points: isMapped ? 121 : 0,
    reason: isMapped ? null : "missing_column",
    message: isMapped ? null : "The table has 5 columns, and none of them is known to hold the potential. Check the column numbers in the settings.",
  };
  return {
    folder: UNKNOWN_FOLDER,
    files: 40,
    matching: 40,
    handles: [{ handle: "run", files: 40 }],
    pattern: settings.files.pattern,
    electrodes: isMapped ? [1] : [],
    frequencies_hz: [],
    index_range: [1, 40],
    inspected: ["run_1.dat", "run_20.dat", "run_40.dat"].map((file) => {
      const { message } = unknown;
      return inspection(file, { ...unknown, message: message && `${file}: ${message}` });
    }),
    refused: [],
    coverage: isMapped ? [{ electrode: 1, frequency_hz: null, files: 40 }] : [],
    unread: 0,
    technique: null,
    table: { file: "run_1.dat", lines: UNKNOWN_LINES },
  };
}

/** The first sweep of a file, measured with the settings at hand. */
export function previewFile(folder: string, file: string, electrode: number | null, settings: Settings): ColumnTable {
  if (folder === UNKNOWN_FOLDER && settings.columns.potential === null) {
    throw {
      code: "no_sweep",
      message: `The columns of ${file} are not known.`,
      hint: "Say which column holds the potential and which the current.",
    } satisfies Refusal;
  }
  const frequency_hz = Number(/_(\d+)Hz/.exec(file)?.[1] ?? 60);
  const index = Number(/_(\d+)\.\w+$/.exec(file)?.[1] ?? 1);
  const number = electrode ?? 1;
  const sweep = sweepOf(EXPERIMENT, number, frequency_hz, index);
  // As the engine: what cannot be measured with these settings, or is not complete, is drawn all the same.
  if (folder === CV_FOLDER && settings.technique !== "cv" && settings.technique !== "ca") return curvesAlone(sweep, number);
  if (index === EXPERIMENT.indices && frequency_hz === 200) {
    return curvesAlone({ potential_v: sweep.potential_v.slice(0, 68), raw_a: sweep.raw_a.slice(0, 68) }, number);
  }
  const { peak } = analyse(sweep, settings);
  const measurement: Measurement = {
    measurement: null,
    session: null,
    revision: null,
    file,
    file_revision: 1,
    electrode: number,
    frequency_hz,
    index,
    time: null,
    time_source: null,
    method: settings.peak.method,
    status: peak ? "ok" : "warning",
    reason: peak ? null : "no_peak",
    message: peak ? null : "No peak stands out from the noise in this sweep.",
    peak_current_a: null,
    peak_potential_v: null,
    baseline_current_a: null,
    area_va: null,
    charge_c: null,
    fwhm_v: null,
    snr: null,
    polarity: peak ? "up" : null,
    quality: peak ? "pass" : "fail",
    excluded: false,
  };
  if (folder === CV_FOLDER) return settings.technique === "cv" ? demoCycle(measurement) : demoDecay(measurement);
  return sweepTable(sweep, settings, measurement);
}
