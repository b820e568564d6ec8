import { describe, expect, it, vi } from "vitest";
import { AlongView } from "./along-view";

const limits = { min: 1, max: 101 };

describe("the view of a group of plots", () => {
  it("zooms about a point and becomes automatic again when everything is in view", () => {
    const view = new AlongView();
    const changed = vi.fn();
    view.onRange(changed);
    view.zoom(limits, 51, 0.5, limits, 2);
    expect(view.fixed).toEqual({ min: 26, max: 76 });
    view.zoom(view.fixed ?? limits, 51, 4, limits, 2);
    expect(view.fixed).toBeNull();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it("has one automatic range for all plots, and tells when one of them widens it", () => {
    const view = new AlongView();
    const changed = vi.fn();
    view.onRange(changed);
    const axis = { range: (_: unknown, data: { min: number; max: number } | null) => data ?? { min: 0, max: 1 } };
    const [a, b] = [{}, {}];
    expect(view.range(a, axis, { min: 1, max: 16 })).toEqual({ min: 1, max: 16 });
    expect(view.range(b, axis, { min: 1, max: 17 })).toEqual({ min: 1, max: 17 });
    expect(view.range(a, axis, { min: 1, max: 16 })).toEqual({ min: 1, max: 17 });
    expect(changed).toHaveBeenCalledTimes(2);
    view.leave(b);
    expect(view.range(a, axis, { min: 1, max: 16 })).toEqual({ min: 1, max: 16 });
    const other = { range: axis.range };
    expect(view.range(a, other, { min: 0, max: 900 })).toEqual({ min: 0, max: 900 });
  });

  it("pans, shows a box and resets", () => {
    const view = new AlongView();
    view.show({ min: 10, max: 20 }, limits, 2);
    view.pan({ min: 10, max: 20 }, 5, limits, 2);
    expect(view.fixed).toEqual({ min: 15, max: 25 });
    view.reset();
    expect(view.fixed).toBeNull();
  });

  it("lets a trace stand out once the pointer rests on it", () => {
    vi.useFakeTimers();
    const view = new AlongView();
    for (const key of ["1/15", "2/15", "3/15"]) {
      view.point(1, key);
      vi.advanceTimersByTime(30);
    }
    expect(view.pointed).toBe("3/15");
    expect(view.standsOut).toBeNull();
    vi.advanceTimersByTime(70);
    expect(view.standsOut).toBe("3/15");
    vi.useRealTimers();
  });

  it("shares one cursor and tells of real moves only", () => {
    vi.useFakeTimers();
    const view = new AlongView();
    const moved = vi.fn();
    const end = view.onCursor(moved);
    view.point(5, null);
    view.point(5, null);
    view.point(5, "3/200");
    expect(view.pointed).toBe("3/200");
    view.point(null, null);
    expect(moved).toHaveBeenCalledTimes(3);
    vi.advanceTimersByTime(70);
    expect(view.standsOut).toBeNull();
    end();
    view.point(7, null);
    expect(moved).toHaveBeenCalledTimes(3);
    vi.useRealTimers();
  });
});
