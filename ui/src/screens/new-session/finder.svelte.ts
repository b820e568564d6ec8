import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { FolderPreview } from "../../protocol/FolderPreview";
import type { Inspection } from "../../protocol/Inspection";
import type { Refusal } from "../../protocol/Refusal";
import type { Settings } from "../../protocol/Settings";

const TYPING_PAUSE_MS = 250;
/** A watched folder fills while one looks at it. */
const LOOK_AGAIN_MS = 4000;

/** Keeps what is found in a folder up to date with the path and the settings at hand. */
export class Finder {
  preview: FolderPreview | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);
  isLooking = $state(false);

  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly platform: Platform) {}

  /** Looks into the folder after a pause in typing, and again from time to time. */
  look(folder: string, settings: Settings, files: readonly string[] = []): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (folder.trim() === "") {
      this.preview = null;
      this.refusal = null;
      this.isLooking = false;
      return;
    }
    this.isLooking = true;
    this.#timer = setTimeout(() => void this.#query(folder.trim(), settings, files, this.#asked), TYPING_PAUSE_MS);
  }

  close(): void {
    this.#asked += 1;
    clearTimeout(this.#timer);
  }

  async #query(folder: string, settings: Settings, files: readonly string[], asked: number): Promise<void> {
    try {
      const { preview } = await this.platform.query({ query: "folder_preview", folder, settings, files: [...files] });
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.refusal = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.preview = null;
      this.refusal = toRefusal(thrown);
    }
    this.isLooking = false;
    this.#timer = setTimeout(() => void this.#query(folder, settings, files, asked), LOOK_AGAIN_MS);
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
  // Of files that were not read it is not known which electrodes they hold: all that were found, as it is with their like.
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
