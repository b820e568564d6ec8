import { expect, test } from "vitest";

import type { SessionSummary } from "../../protocol/SessionSummary";
import { paceOf } from "../../session/pace";
import { rowOf, Series } from "../../session/series";
import { measurement } from "../../testing/measurement";
import { elapsedSeconds, remainingSeconds, stalledSeconds } from "./elapsed";

const BEGIN = Date.parse("2025-06-12T10:00:00Z");
const at = (seconds: number): string => new Date(BEGIN + seconds * 1000).toISOString();
const summary = (change: Partial<SessionSummary>): SessionSummary =>
  ({ state: "running", created_at: at(0), ended_at: null, last_measured_at: at(60), files_measured: 6, files_skipped: 2, files_expected: 20, ...change }) as SessionSummary;

/** One file after the other at these seconds, at two frequencies in turn, with two electrodes each. */
function series(...seconds: number[]): Series[] {
  const all = [15, 200].flatMap((hz) => [1, 2].map((electrode) => new Series(electrode, hz)));
  seconds.forEach((second, k) => {
    for (const one of all.filter(({ frequency_hz }) => frequency_hz === [15, 200][k % 2])) {
      one.put(rowOf(measurement({ measurement: k, index: (k >> 1) + 1, time: at(second) })));
    }
  });
  return all;
}

test("a session that goes on counts, one that ended or failed does not", () => {
  expect(elapsedSeconds(summary({}), BEGIN + 90_000)).toBe(90);
  expect(elapsedSeconds(summary({ state: "finished", ended_at: at(70) }), BEGIN + 1e9)).toBe(70);
  expect(elapsedSeconds(summary({ state: "failed", ended_at: at(65) }), BEGIN + 1e9)).toBe(65);
  expect(elapsedSeconds(summary({ state: "failed" }), BEGIN + 1e9)).toBe(60);
});

test("the pace is that of the newest files, whatever pauses were between them", () => {
  expect(paceOf(series(0, 10, 20, 30, 40))).toBe(10);
  expect(paceOf(series(0, 10, 20, 86_400, 86_410, 86_420))).toBe(10);
  expect(paceOf(series(0, 10, 20))).toBeNull();
  expect(paceOf([])).toBeNull();
});

test("what remains is told while the session runs and its pace is known", () => {
  expect(remainingSeconds(summary({}), 10)).toBe(120);
  expect(remainingSeconds(summary({}), null)).toBeNull();
  expect(remainingSeconds(summary({ state: "paused" }), 10)).toBeNull();
  expect(remainingSeconds(summary({ files_expected: null }), 10)).toBeNull();
});

test("a session that should have had new files is said to have stalled, for as long as it has", () => {
  const after = (seconds: number): number => BEGIN + 60_000 + seconds * 1000;
  expect(stalledSeconds(summary({}), 10, after(119))).toBeNull();
  expect(stalledSeconds(summary({}), 10, after(130))).toBe(130);
  // Slow experiments are not quiet between two files.
  expect(stalledSeconds(summary({}), 60, after(239))).toBeNull();
  expect(stalledSeconds(summary({}), null, after(600))).toBeNull();
  expect(stalledSeconds(summary({}), null, after(1300))).toBe(1300);
  expect(stalledSeconds(summary({ state: "paused" }), 10, after(1e6))).toBeNull();
  expect(stalledSeconds(summary({ source: "imported_files" }), 10, after(1e6))).toBeNull();
  expect(stalledSeconds(summary({ last_measured_at: null }), 10, after(1e6))).toBeNull();
});
