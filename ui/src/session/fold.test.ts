import { beforeEach, expect, test } from "vitest";

import { tableOf } from "../platform/columns";
import type { Measurement } from "../protocol/Measurement";
import type { RecordEntry } from "../protocol/RecordEntry";
import type { SessionDetail } from "../protocol/SessionDetail";
import { defaultSettings } from "../settings/defaults";
import { measurement } from "../testing/measurement";
import type { Changes } from "./fold";
import { noChanges, SessionFold } from "./fold";
import { rowOf, SERIES_COLUMNS } from "./series";
import { SeriesStore } from "./series-store";

type Body = RecordEntry extends infer R ? (R extends RecordEntry ? Omit<R, "session" | "seq" | "offset" | "at"> : never) : never;

const entry = (seq: number, body: Body): RecordEntry =>
  ({ session: "s", seq, offset: seq, at: "2025-06-12T10:00:00Z", ...body }) as RecordEntry;
const measured = (seq: number, ...measurements: Measurement[]): RecordEntry => entry(seq, { event: "measured", measurements });

function detail(): SessionDetail {
  const settings = defaultSettings();
  return {
    summary: {
      session: "s", name: "Run", technique: "swv", source: "watched_folder", state: "running", reason: null, folder: "/f",
      files: 0, files_measured: 0, files_skipped: 0, files_partial: 0, files_expected: null, measurements: 0, revision: 1,
      seq: 10, created_at: "2025-06-12T09:00:00Z", ended_at: null, last_measured_at: null, expires_after_s: null, expires_at: null,
    },
    source: { kind: "watched_folder", folder: "/f" },
    settings,
    revisions: [{ revision: 1, at: "2025-06-12T09:00:00Z", settings }],
    markers: [],
    electrodes: [],
    frequencies_hz: [],
  };
}

let fold: SessionFold;
let changes: Changes;

beforeEach(() => {
  fold = new SessionFold(detail(), new SeriesStore());
  changes = noChanges();
});

test("entries are applied once and in order; a gap is noticed", () => {
  expect(fold.apply(measured(10, measurement()), changes)).toBe("known");
  expect(fold.apply(measured(12, measurement()), changes)).toBe("gap");
  expect(fold.series.size).toBe(0);
  expect(fold.apply(measured(11, measurement()), changes)).toBe("applied");
  expect(fold.apply(measured(11, measurement()), changes)).toBe("known");
  expect(fold.series.size).toBe(1);
  expect(fold.seq).toBe(11);
});

test("measurements find their electrode and frequency, and make both known", () => {
  fold.apply(measured(11, measurement({ electrode: 2, measurement: 1 }), measurement({ electrode: 1, measurement: 2 })), changes);
  fold.apply(measured(12, measurement({ electrode: 1, frequency_hz: 200, measurement: 3, index: 1 })), changes);
  expect(fold.series.get(1, 15)?.length).toBe(1);
  expect(fold.series.get(1, 200)?.row(0)?.measurement).toBe(3);
  expect(fold.detail.electrodes).toEqual([1, 2]);
  expect(fold.detail.frequencies_hz).toEqual([15, 200]);
  expect(changes).toMatchObject({ series: true, detail: true, files: true });
});

test("loading and the live entries that overlap it give each measurement once", () => {
  const columns: Record<string, number[]> = { electrode: [1, 1], frequency_hz: [15, 15] };
  const rows = [measurement({ measurement: 1 }), measurement({ measurement: 2, index: 2 })].map(rowOf);
  for (const name of SERIES_COLUMNS) columns[name] = rows.map((row) => row[name]);
  fold.series.load(tableOf(columns, null));
  fold.apply(measured(11, measurement({ measurement: 2, index: 2 })), changes);
  fold.apply(measured(12, measurement({ measurement: 3, index: 3 })), changes);
  expect([...(fold.series.get(1, 15)?.column("measurement") ?? [])]).toEqual([1, 2, 3]);
});

test("new content of a file replaces what the old content gave", () => {
  const old = [1, 2].map((electrode) => measurement({ electrode, measurement: electrode }));
  const again = [1, 2].map((electrode) => measurement({ electrode, measurement: 10 + electrode, file_revision: 2 }));
  fold.apply(measured(11, ...old), changes);
  fold.apply(measured(12, ...again), changes);
  expect(fold.series.size).toBe(2);
  expect(fold.series.get(2, 15)?.row(0)?.measurement).toBe(12);
  expect(changes.mustReloadSeries).toBe(false);
});

const failed = measurement({ electrode: null, measurement: 1, status: "failed", peak_current_a: null });

/** Takes measurements over as the engine's columns give them: without the names of their files. */
function load(...measurements: Measurement[]): void {
  const columns: Record<string, number[]> = {
    electrode: measurements.map((m) => m.electrode ?? Number.NaN),
    frequency_hz: measurements.map((m) => m.frequency_hz ?? Number.NaN),
  };
  for (const name of SERIES_COLUMNS) columns[name] = measurements.map((m) => rowOf(m)[name]);
  fold.series.load(tableOf(columns, null));
}

test.each([1, 2])("a failed file that is read after all, as content %i, leaves no failure behind", (file_revision) => {
  const good = [1, 2].map((electrode) => measurement({ electrode, measurement: 10 + electrode, file_revision }));
  fold.apply(measured(11, failed), changes);
  fold.apply(measured(12, ...good), changes);
  expect(fold.series.size).toBe(2);
  expect(changes.mustReloadSeries).toBe(false);
});

test("new content with fewer electrodes leaves none of the old ones, and touches no other file", () => {
  const old = [1, 2, 3].map((electrode) => measurement({ electrode, measurement: electrode }));
  fold.apply(measured(11, ...old), changes);
  fold.apply(measured(12, measurement({ electrode: 4, measurement: 4, file: "another.txt" })), changes);
  fold.apply(measured(13, measurement({ electrode: 1, measurement: 11, index: 2, file: old[0]!.file, file_revision: 2 })), changes);
  expect([...fold.series.all()].flatMap((series) => [...series.column("measurement")]).sort()).toEqual([11, 4]);
  expect(changes).toMatchObject({ mustReloadSeries: false, trends: "all" });
});

test("a failure that was loaded, of a file that counts as its first content when it can be read, makes the engine be asked", () => {
  load(failed);
  fold.apply(measured(11, measurement({ measurement: 12, index: 2 })), changes);
  expect(changes.mustReloadSeries).toBe(false);
  fold.apply(measured(12, measurement({ measurement: 11 }), measurement({ electrode: 2, measurement: 13 })), changes);
  // A file that holds all electrodes: the failure at its place was its own.
  expect(fold.series.get(null, 15)?.length).toBe(0);
  load(failed);
  fold.apply(measured(13, measurement({ measurement: 14, file: "E1_15Hz_1.txt" })), changes);
  expect(changes.mustReloadSeries).toBe(true);
});

test("a file that is not used any more, without measurements of its own, makes the engine be asked", () => {
  const { file } = measurement();
  const skipped = { event: "file_state", file, file_revision: 2, state: "skipped", reason: "not_text", message: "" } as const;
  fold.apply(entry(11, { ...skipped, file: "notes.docx" }), changes);
  fold.apply(measured(12, measurement()), changes);
  fold.apply(entry(13, { ...skipped, state: "measured" }), changes);
  fold.apply(measured(14, { ...failed, file_revision: 2 }), changes);
  fold.apply(entry(15, skipped), changes);
  expect(changes.mustReloadSeries).toBe(false);
  fold.apply(entry(16, skipped), changes);
  expect(changes.mustReloadSeries).toBe(true);
});

test.each([
  ["two files have this index", [measurement({ measurement: 1 }), measurement({ measurement: 2 })]],
  ["another electrode has this index", [measurement({ measurement: 1 }), measurement({ measurement: 2, electrode: 9 })]],
  ["nothing is known of the old content", []],
])("the engine is asked where %s of what was loaded", (_, earlier) => {
  load(...earlier);
  fold.apply(measured(11, measurement({ measurement: 50, file_revision: 2 })), changes);
  expect(changes.mustReloadSeries).toBe(true);
});

test("a file that could not be used makes no electrode and no frequency known, as the engine counts them", () => {
  fold.apply(measured(11, { ...failed, frequency_hz: 60 }), changes);
  expect(fold.detail.frequencies_hz).toEqual([]);
  expect(fold.series.get(null, 60)?.length).toBe(1);
});

test("only the trends of the indices that came are asked for", () => {
  fold.apply(measured(11, measurement({ index: 7, measurement: 7 })), changes);
  fold.apply(measured(12, measurement({ index: 5, measurement: 5 })), changes);
  expect(changes.trends).toEqual({ first: 5, last: 7 });
});

test("all trends are asked for when the reference comes", () => {
  fold.apply(measured(11, measurement({ index: 1 })), changes);
  expect(changes.trends).toBe("all");
});

test("a group of replicates is asked for as a whole", () => {
  fold.detail.settings.trend.replicates = 3;
  fold.apply(measured(11, measurement({ index: 8 })), changes);
  expect(changes.trends).toEqual({ first: 7, last: 9 });
});

test("points are left out and taken in again", () => {
  fold.apply(measured(11, measurement({ index: 4, measurement: 4 })), changes);
  changes = noChanges();
  fold.apply(entry(12, { event: "exclusion_changed", measurements: [4], excluded: true }), changes);
  expect(fold.series.get(1, 15)?.row(0)?.excluded).toBe(1);
  expect(changes).toMatchObject({ series: true, trends: { first: 4, last: 4 } });
  fold.apply(entry(13, { event: "exclusion_changed", measurements: [4], excluded: false }), changes);
  expect(fold.series.get(1, 15)?.row(0)?.excluded).toBe(0);
});

test("settings revisions are listed, and a recomputation loads everything anew", () => {
  const settings = { ...defaultSettings(), electrodes: { selected: [1], average: false } };
  fold.apply(entry(11, { event: "settings_revised", revision: 2, settings }), changes);
  expect(fold.detail.settings.electrodes.selected).toEqual([1]);
  expect(fold.detail.revisions.map(({ revision }) => revision)).toEqual([1, 2]);
  expect(fold.detail.summary.revision).toBe(2);
  fold.apply(entry(12, { event: "recomputed", revision: 2, measurements: 5 }), changes);
  expect(changes).toMatchObject({ mustReloadSeries: true, trends: "all" });
  expect(fold.recomputedRevision).toBe(2);
});

test("markers are put, moved and removed", () => {
  const marker = { id: "m1", kind: "injection" as const, index: 9, label: "ATP" };
  fold.apply(entry(11, { event: "marker_changed", marker, removed: false }), changes);
  fold.apply(entry(12, { event: "marker_changed", marker: { ...marker, id: "m2", index: 3 }, removed: false }), changes);
  expect(fold.detail.markers.map(({ id }) => id)).toEqual(["m2", "m1"]);
  fold.apply(entry(13, { event: "marker_changed", marker: { ...marker, index: 1 }, removed: false }), changes);
  expect(fold.detail.markers.map(({ id }) => id)).toEqual(["m1", "m2"]);
  fold.apply(entry(14, { event: "marker_changed", marker, removed: true }), changes);
  expect(fold.detail.markers.map(({ id }) => id)).toEqual(["m2"]);
});

test("name, state, reason and end follow the record, and a reopened session has no end", () => {
  fold.apply(entry(11, { event: "session_changed", name: "New", state: "paused", reason: "Paused." }), changes);
  expect(fold.detail.summary).toMatchObject({ name: "New", state: "paused", reason: "Paused." });
  fold.apply(entry(12, { event: "session_ended", reason: "Stopped." }), changes);
  expect(fold.detail.summary).toMatchObject({ state: "finished", ended_at: "2025-06-12T10:00:00Z" });
  fold.apply(entry(13, { event: "session_changed", name: "New", state: "running", reason: null }), changes);
  expect(fold.detail.summary.ended_at).toBeNull();
  fold.apply(entry(14, { event: "session_changed", name: "New", state: "failed", reason: "The folder is gone." }), changes);
  expect(fold.detail.summary).toMatchObject({ state: "failed", ended_at: "2025-06-12T10:00:00Z" });
});

test("a temporary session counts its time from its end, and none while it goes on or is kept", () => {
  fold.apply(entry(11, { event: "expiry_changed", after_s: 3600 }), changes);
  expect(fold.detail.summary).toMatchObject({ expires_after_s: 3600, expires_at: null });
  fold.apply(entry(12, { event: "session_ended", reason: null }), changes);
  expect(fold.detail.summary.expires_at).toBe("2025-06-12T11:00:00.000Z");
  fold.apply(entry(13, { event: "session_changed", name: "Run", state: "running", reason: null }), changes);
  expect(fold.detail.summary.expires_at).toBeNull();
  fold.apply(entry(14, { event: "session_changed", name: "Run", state: "failed", reason: "Gone." }), changes);
  fold.apply(entry(15, { event: "expiry_changed", after_s: 60 }), changes);
  expect(fold.detail.summary.expires_at).toBe("2025-06-12T10:01:00.000Z");
  fold.apply(entry(16, { event: "expiry_changed", after_s: null }), changes);
  expect(fold.detail.summary).toMatchObject({ expires_after_s: null, expires_at: null });
});
