// Points that a page shows, against results that an agent keeps.

import { expect } from "vitest";

import type { Result } from "./agent";

/** "E1, 15 Hz, file 3" to the current of its peak. */
export type Points = Map<string, number>;

const HEADING = /E(\d+)\D+?([\d.]+)\D?Hz/;

function named(electrode: number, frequency_hz: number, index: number): string {
  return `E${electrode}, ${frequency_hz} Hz, file ${index}`;
}

/** What was copied from a plot: each file once, in order. */
export function pointsIn([headings = [], ...lines]: string[][]): Points {
  const indices = lines.map(([index]) => Number(index));
  expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
  const points: Points = new Map();
  headings.slice(1).forEach((heading, column) => {
    const [, electrode, frequency_hz] = HEADING.exec(heading) ?? [];
    if (electrode === undefined) throw new Error(`"${heading}" names no electrode`);
    for (const line of lines) {
      const text = line[column + 1] ?? "";
      if (text !== "") points.set(named(Number(electrode), Number(frequency_hz), Number(line[0])), Number(text));
    }
  });
  return points;
}

/** The page has the agent's points, every one of them, to the last digit, and none besides. */
export function agreesWith(points: Points, results: readonly Result[]): void {
  const kept = results.filter((result) => result.peak_current_a !== null);
  expect(kept.length).toBeGreaterThan(0);
  const expected = new Map(kept.map((r) => [named(r.electrode, r.frequency_hz, r.index), r.peak_current_a]));
  expect(expected.size).toBe(kept.length);
  expect(new Map([...points].sort())).toEqual(new Map([...expected].sort()));
}
