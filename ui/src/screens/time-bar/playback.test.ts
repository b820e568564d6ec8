import { describe, expect, it } from "vitest";
import { elapsedAt, indexAfter, neighbour, Replay, timeline } from "./playback";

const rows = (index: number[], time_s: number[]) => ({ index, time_s, length: index.length });

describe("the timeline", () => {
  it("has each index once, at its earliest time", () => {
    const line = timeline([rows([1, 2, 3], [100, 120, 140]), rows([1, 2, 4], [90, 125, 160])], 20);
    expect(line.index).toEqual([1, 2, 3, 4]);
    expect(line.elapsed_s).toEqual([0, 30, 50, 70]);
  });

  it("uses the interval where no time is known or a clock was set back", () => {
    const line = timeline([rows([1, 2, 3, Number.NaN], [100, Number.NaN, 50, 1])], 20);
    expect(line.elapsed_s).toEqual([0, 20, 40]);
    expect(timeline([], 20).index).toEqual([]);
  });

  it("finds what was there at a time, and the neighbours of an index", () => {
    const line = timeline([rows([2, 3, 7], [0, 10, 20])], 20);
    expect([-5, 0, 9.9, 10, 99].map((s) => indexAfter(line, s))).toEqual([2, 2, 2, 3, 7]);
    expect(elapsedAt(line, 5)).toBe(10);
    expect(neighbour(line, 3, 1)).toBe(7);
    expect(neighbour(line, 5, -1)).toBe(3);
    expect(neighbour(line, 7, 1)).toBeNull();
    expect(neighbour(line, 2, -1)).toBeNull();
  });
});

describe("a replay", () => {
  it("goes at its speed from where it began, and ends at the end", () => {
    const line = timeline([rows([1, 2, 3, 4], [0, 10, 20, 30])], 20);
    const replay = new Replay(line, 2, 10, 5000);
    expect(replay.at(5000)).toEqual({ index: 2, isOver: false });
    expect(replay.at(5999)).toEqual({ index: 2, isOver: false });
    expect(replay.at(6000)).toEqual({ index: 3, isOver: false });
    expect(replay.at(7000)).toEqual({ index: 4, isOver: true });
  });
});
