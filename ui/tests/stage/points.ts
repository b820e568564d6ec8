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

/** What an agent keeps, as points. */
export function pointsOf(results: readonly Result[]): Points {
  const points: Points = new Map();
  for (const { electrode, frequency_hz, index, peak_current_a } of results) {
    if (peak_current_a === null) continue;
    const place = named(electrode, frequency_hz, index);
    expect(points.has(place)).toBe(false);
    points.set(place, peak_current_a);
  }
  expect(points.size).toBeGreaterThan(0);
  return points;
}

/** Whether both have the same points, every one of them, to the last digit, and none besides. */
export function areSame(points: Points, others: Points): boolean {
  return points.size === others.size && [...points].every(([place, current]) => others.get(place) === current);
}
