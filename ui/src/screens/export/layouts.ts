import type { ExportLayout } from "../../protocol/ExportLayout";
import type { Technique } from "../../protocol/Technique";

/** What an export can be: a table or archive in one of the layouts, or a figure. */
export type Form = ExportLayout | "figure";

export interface Layout {
  value: ExportLayout;
  label: string;
  explain: string;
  extension: string;
  /** Which parts of a selection count in it. */
  takes: { electrodes: boolean; frequencies: boolean; indices: boolean };
}

const ALL = { electrodes: true, frequencies: true, indices: true };

export const LAYOUTS: readonly Layout[] = [
  {
    value: "csv",
    label: "Tidy table (CSV)",
    explain: "One row per measurement, every quantity in its own column, SI base units.",
    extension: "csv",
    takes: ALL,
  },
  {
    value: "xlsx",
    label: "Excel workbook",
    explain: "Measurements, trends, settings, files, markers, calibration and statistics, a sheet each.",
    extension: "xlsx",
    takes: ALL,
  },
  {
    value: "trends",
    label: "Trends (CSV)",
    explain: "One row per electrode and file: normalised, ratio, KDM, concentration, with gaps.",
    extension: "csv",
    takes: { electrodes: true, frequencies: false, indices: true },
  },
  {
    value: "jsonl",
    label: "JSON Lines",
    explain: "One measurement object a line, for scripts.",
    extension: "jsonl",
    takes: ALL,
  },
  {
    value: "sacmes",
    label: "SACMES table (text)",
    explain: "The original program's table, for the scripts that expect it.",
    extension: "txt",
    takes: ALL,
  },
  {
    value: "sacmes-web",
    label: "SACMES_Web report (CSV)",
    explain: "The predecessor's layout over all electrodes, for the spreadsheets that expect it.",
    extension: "csv",
    takes: ALL,
  },
  {
    value: "archive",
    label: "Archive (ZIP)",
    explain: "The instrument's files with settings, results and markers. It can be opened again; always the whole session.",
    extension: "zip",
    takes: { electrodes: false, frequencies: false, indices: false },
  },
];

export function layoutOf(form: Form): Layout | null {
  return LAYOUTS.find(({ value }) => value === form) ?? null;
}

/** Why a technique has no file of this form; null where it has. */
export function whyNotForm(form: Form, technique: Technique): string | null {
  if (technique !== "ca") return null;
  if (form === "sacmes-web") return "SACMES_Web had no report of chronoamperometry.";
  return form === "trends" ? "Chronoamperometry has no trends of peaks; the tidy table has its lifetimes." : null;
}

/** A file name that every system accepts, made from the session's name. */
export function suggestedFile(name: string, extension: string): string {
  const kept = [...name].map((c) => (/[<>:"/\\|?*]/.test(c) || c < " " ? "_" : c)).join("");
  const stem = kept.trim().replace(/[. ]+$/, "") || "session";
  return `${stem}.${extension}`;
}

export function suggestedName(name: string, layout: ExportLayout): string {
  return suggestedFile(name, layoutOf(layout)?.extension ?? "csv");
}
