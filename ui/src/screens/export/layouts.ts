import type { ExportLayout } from "../../protocol/ExportLayout";

export const LAYOUTS: readonly { value: ExportLayout; label: string; explain: string; extension: string }[] = [
  {
    value: "csv",
    label: "Tidy table (CSV)",
    explain: "One row per measurement, every quantity in its own column, SI base units.",
    extension: "csv",
  },
  {
    value: "jsonl",
    label: "JSON Lines",
    explain: "One measurement object a line, for scripts.",
    extension: "jsonl",
  },
  {
    value: "sacmes-web",
    label: "SACMES_Web report (CSV)",
    explain: "The predecessor's layout over all electrodes, for the spreadsheets that expect it.",
    extension: "csv",
  },
];

/** A file name that every system accepts, made from the session's name. */
export function suggestedName(name: string, layout: ExportLayout): string {
  const kept = [...name].map((c) => (/[<>:"/\\|?*]/.test(c) || c < " " ? "_" : c)).join("");
  const stem = kept.trim().replace(/[. ]+$/, "") || "session";
  const extension = LAYOUTS.find(({ value }) => value === layout)?.extension ?? "csv";
  return `${stem}.${extension}`;
}
