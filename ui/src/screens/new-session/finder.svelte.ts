import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { FolderPreview } from "../../protocol/FolderPreview";
import type { Inspection } from "../../protocol/Inspection";
import type { Refusal } from "../../protocol/Refusal";
import type { Settings } from "../../protocol/Settings";
import { baseName } from "../../words";

const TYPING_PAUSE_MS = 250;
/** A watched folder fills while one looks at it. */
const LOOK_AGAIN_MS = 4000;
/** Files that a list to choose from holds. */
const MOST_OFFERED = 200;

/** Keeps what is found in a folder up to date with the path and the settings at hand. */
export class Finder {
  preview: FolderPreview | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);
  isLooking = $state(false);

  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly platform: Platform) {}

  /** Looks into the folder after a pause in typing, and again from time to time. */
  look(folder: string, settings: Settings): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (folder.trim() === "") {
      this.preview = null;
      this.refusal = null;
      this.isLooking = false;
      return;
    }
    this.isLooking = true;
    this.#timer = setTimeout(() => void this.#query(folder.trim(), settings, this.#asked), TYPING_PAUSE_MS);
  }

  close(): void {
    this.#asked += 1;
    clearTimeout(this.#timer);
  }

  async #query(folder: string, settings: Settings, asked: number): Promise<void> {
    try {
      const { preview } = await this.platform.query({ query: "folder_preview", folder, settings });
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.refusal = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.preview = null;
      this.refusal = toRefusal(thrown);
    }
    this.isLooking = false;
    this.#timer = setTimeout(() => void this.#query(folder, settings, asked), LOOK_AGAIN_MS);
  }
}

/** Reasons that column numbers, separators and units can mend. */
const MENDED_BY_COLUMNS = ["missing_column", "ambiguous_comma"];

/** Whether a table was found whose columns the user has to name. */
export function needsColumns(preview: FolderPreview): boolean {
  return preview.inspected.some(({ reason }) => reason !== null && MENDED_BY_COLUMNS.includes(reason));
}

/** What has to be known of a file to draw it. */
export type SampleFile = Pick<Inspection, "file" | "electrodes" | "frequency_hz" | "complete" | "message">;

/** Files of the sample whose sweep can be drawn, among them some that are not complete or give no measurement. */
export function drawable(preview: FolderPreview): SampleFile[] {
  return preview.inspected.filter((file) => file.points > 2 && file.format !== "unknown");
}

/**
 * What a preview of a folder tells of some of its files: only those that were looked into are known. How many files each
 * electrode and frequency has is told of the whole folder alone, and is left out.
 */
export function ofChosen(preview: FolderPreview, files: readonly string[]): FolderPreview {
  if (files.length === 0) return preview;
  const chosen = new Set(files);
  const inspected = preview.inspected.filter(({ file }) => chosen.has(baseName(file)));
  const ascending = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  return {
    ...preview,
    matching: files.length,
    handles: [],
    electrodes: ascending(inspected.flatMap(({ electrodes }) => electrodes)),
    frequencies_hz: ascending(inspected.flatMap(({ frequency_hz }) => frequency_hz ?? [])),
    index_range: null,
    inspected,
    refused: preview.refused.filter(({ file }) => chosen.has(baseName(file))),
    coverage: [],
  };
}

/** Chosen files that can be offered for drawing: those that were looked into and can be drawn, then those nobody looked into. */
export function drawableOf(preview: FolderPreview, files: readonly string[]): SampleFile[] {
  const known = new Set([...preview.inspected, ...preview.refused].map(({ file }) => baseName(file)));
  const unseen = files.filter((file) => !known.has(baseName(file))).slice(0, MOST_OFFERED);
  return [
    ...drawable(preview),
    ...unseen.map((file) => ({ file, electrodes: [], frequency_hz: null, complete: null, message: null })),
  ];
}

export interface CoverageTable {
  /** Null: files state no frequency. */
  frequencies_hz: (number | null)[];
  rows: { electrode: number | null; files: number[] }[];
}

/** How many files there are for each electrode and frequency; what is awaited by the settings and absent counts 0. */
export function coverageTable(preview: FolderPreview, settings: Settings): CoverageTable {
  const frequencies = new Set<number | null>(settings.files.frequencies_hz);
  for (const { frequency_hz } of preview.coverage) frequencies.add(frequency_hz);
  const electrodes = new Set<number | null>([...settings.electrodes.selected, ...preview.electrodes]);
  if (electrodes.size === 0) electrodes.add(null);
  const ascending = (a: number | null, b: number | null): number => (a ?? 0) - (b ?? 0);
  const frequencies_hz = [...frequencies].sort(ascending);
  // Files without an electrode in their name hold all electrodes that were found.
  const count = (electrode: number | null, frequency_hz: number | null): number =>
    preview.coverage
      .filter((cell) => cell.frequency_hz === frequency_hz)
      .filter((cell) => cell.electrode === electrode || cell.electrode === null)
      .reduce((sum, cell) => sum + cell.files, 0);
  return {
    frequencies_hz,
    rows: [...electrodes]
      .sort(ascending)
      .map((electrode) => ({ electrode, files: frequencies_hz.map((frequency_hz) => count(electrode, frequency_hz)) })),
  };
}
