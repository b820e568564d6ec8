/** The first rows of an export, as the engine would write them, before anything is written. */

import type { Platform } from "../../platform/platform";
import type { ExportLayout } from "../../protocol/ExportLayout";
import type { Selection } from "../../protocol/Selection";
import type { SessionId } from "../../protocol/SessionId";

/** The beginning of a file: a table where it is one, else its text. */
export type FirstRows = { note: string } & (
  | { columns: readonly string[]; rows: readonly (readonly string[])[] }
  | { text: string }
);

const SHEETS = "The sheet Measurements begins so, with headings in words; Trends, Settings, Files, Markers, Calibration, Statistics and About follow.";
const MORE = "More follows in the file.";

const ARCHIVE: FirstRows = {
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

/** What a file of this layout begins with. */
export async function firstRows(platform: Platform, session: SessionId, layout: ExportLayout, selection: Selection): Promise<FirstRows> {
  if (layout === "archive") return ARCHIVE;
  // A workbook's first sheet holds the columns of the CSV.
  const asked = layout === "xlsx" ? "csv" : layout;
  const { beginning } = await platform.query({ query: "export_preview", session, layout: asked, selection });
  const note = layout === "xlsx" ? SHEETS : beginning.is_whole ? "" : MORE;
  if (asked !== "csv" && asked !== "trends") return { text: beginning.text, note };
  const [columns = [], ...rows] = cellsOf(beginning.text);
  // A line that was cut has not all of its cells.
  return { columns, rows: rows.filter((cells) => cells.length === columns.length), note };
}

/** The cells of a CSV text (RFC 4180), line by line. */
export function cellsOf(csv: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === "" && cells.length === 0 && quoted === undefined && plain === "") break;
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === ",") continue;
    lines.push(cells);
    cells = [];
    if (end === "") break;
  }
  return lines;
}
