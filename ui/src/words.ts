import type { Author } from "./protocol/Author";
import type { FileState } from "./protocol/FileState";
import type { MarkerKind } from "./protocol/MarkerKind";
import type { SessionState } from "./protocol/SessionState";
import type { SourceKind } from "./protocol/SourceKind";
import type { Technique } from "./protocol/Technique";

// The protocol's words as people read them.

export const STATE_WORDS: Record<SessionState, string> = {
  waiting: "Waiting",
  running: "Running",
  paused: "Paused",
  finished: "Finished",
  failed: "Failed",
};

export const SOURCE_WORDS: Record<SourceKind, string> = {
  watched_folder: "Watched folder",
  imported_files: "Imported files",
  simulated: "Simulated instrument",
};

export const TECHNIQUE_WORDS: Record<Technique, string> = {
  swv: "Square-wave voltammetry",
  frequency_map: "Frequency map",
  cv: "Cyclic voltammetry",
  ca: "Chronoamperometry",
};

export const FILE_STATE_WORDS: Record<FileState, string> = {
  partial: "Being written",
  ready: "Complete",
  measured: "Measured",
  skipped: "Not used",
};

export const MARKER_WORDS: Record<MarkerKind, string> = {
  injection: "Injection",
  event: "Event",
  comment: "Comment",
};

export const AUTHOR_WORDS: Record<Author, string> = {
  here: "at the recording computer",
  afar: "from afar, with the User ID",
};

const FORMAT_WORDS: Record<string, string> = {
  chi_text: "CH Instruments text",
  chi_bin: "CH Instruments binary",
  gamry_dta: "Gamry DTA",
  palmsens_csv: "PalmSens CSV",
  palmsens_session: "PalmSens session",
  methodscript: "MethodSCRIPT",
  biologic_mpt: "BioLogic MPT",
  nova_ascii: "Nova ASCII",
  ivium_idf: "Ivium IDF",
  palmsens_excel: "PalmSens Excel",
  pine: "Pine AfterMath",
  excel_table: "Excel table",
  delimited: "Delimited table",
  unknown: "Not recognised",
};

/** A format code in words; a code that is new to this window stays as it is. */
export function formatWord(code: string): string {
  return FORMAT_WORDS[code] ?? code;
}

const INSPECTED_TECHNIQUE_WORDS: Record<string, string> = {
  ...TECHNIQUE_WORDS,
  dpv: "Differential pulse voltammetry",
  lsv: "Linear sweep voltammetry",
  other: "Another technique",
  unknown: "Technique not stated",
};

/** A technique as a file states it. */
export function techniqueWord(code: string): string {
  return INSPECTED_TECHNIQUE_WORDS[code] ?? code;
}

/** A count with its noun: "1 file", "2,000 files". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A file size with three digits. */
export function fileSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)}\u202f${UNITS[unit] ?? ""}`;
}

/** Date and time of day in this computer's zone: "12 Jun 2025, 14:05". */
export function moment(at: string): string {
  return new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** Time of day in this computer's zone, to the second. */
export function timeOfDay(at: string): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** Since when something is so: the time of day, to the second, and the date where that is not today's. */
export function sinceWhen(at: Date, now = new Date()): string {
  return at.toDateString() === now.toDateString() ? at.toLocaleTimeString("en-GB") : moment(at.toISOString());
}

/** The last part of a path of either kind. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}

/** As a sentence begins. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
