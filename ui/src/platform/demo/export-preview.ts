import type { ExportBeginning } from "../../protocol/ExportBeginning";
import type { ExportLayout } from "../../protocol/ExportLayout";
import type { Measurement } from "../../protocol/Measurement";
import type { Selection } from "../../protocol/Selection";
import type { DemoSession } from "./session";

const LINES = 12;

const TRENDS = ["electrode", "index", "x", "normalized_low", "normalized_high", "ratio", "kdm"] as const;

/** What stands for the beginning that the engine would write. */
export function demoExport(session: DemoSession, layout: ExportLayout, selection: Selection): ExportBeginning {
  if (layout === "trends") return trends(session, selection);
  const rows: Measurement[] = [];
  for (let file = 0; file < session.filesDone && rows.length < LINES; file += 1) {
    rows.push(...session.measurements(file).filter((measurement) => isSelected(selection, measurement)));
  }
  if (rows.length === 0) {
    throw { code: "nothing_to_export", message: "The session has no measurement in this selection.", hint: "Choose more electrodes, frequencies or indices." };
  }
  if (layout === "jsonl") return beginning(rows.map((row) => JSON.stringify(row)));
  const columns = Object.keys(rows[0] ?? {}).filter((name) => name !== "marked_by_hand");
  const text = (value: unknown): string => (value === null || value === undefined ? "" : JSON.stringify(value));
  const lines = [columns.join(","), ...rows.map((row) => columns.map((name) => text(row[name as keyof Measurement])).join(","))];
  return beginning(layout === "csv" ? lines : ["# SACMES Continuous Monitor Analysis Report - All Electrodes", ...lines]);
}

function trends(session: DemoSession, { electrodes }: Selection): ExportBeginning {
  const table = session.trends(1, LINES);
  const lines: string[] = [TRENDS.join(",")];
  for (let k = 0; k < table.rows; k += 1) {
    if (electrodes.length > 0 && !electrodes.includes(table.column("electrode")[k] ?? Number.NaN)) continue;
    lines.push(TRENDS.map((name) => table.column(name)[k] ?? "").join(","));
  }
  return beginning(lines);
}

function beginning(lines: readonly string[]): ExportBeginning {
  return { text: lines.slice(0, LINES).join("\r\n") + "\r\n", is_whole: lines.length <= LINES };
}

function isSelected({ electrodes, frequencies_hz, first_index, last_index }: Selection, m: Measurement): boolean {
  return (
    (electrodes.length === 0 || (m.electrode !== null && electrodes.includes(m.electrode))) &&
    (frequencies_hz.length === 0 || (m.frequency_hz !== null && frequencies_hz.includes(m.frequency_hz))) &&
    (first_index === 0 || (m.index !== null && m.index >= first_index)) &&
    (last_index === 0 || (m.index !== null && m.index <= last_index))
  );
}
