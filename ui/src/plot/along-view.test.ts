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

  it("pans, shows a box and resets", () => {
    const view = new AlongView();
    view.show({ min: 10, max: 20 }, limits, 2);
    view.pan({ min: 10, max: 20 }, 5, limits, 2);
    expect(view.fixed).toEqual({ min: 15, max: 25 });
    view.reset();
    expect(view.fixed).toBeNull();
  });

  it("shares one cursor and tells of real moves only", () => {
    const view = new AlongView();
    const moved = vi.fn();
    const end = view.onCursor(moved);
    view.point(5, null);
    view.point(5, null);
    view.point(5, "3/200");
    expect(view.pointed).toBe("3/200");
    view.point(null, null);
    expect(moved).toHaveBeenCalledTimes(3);
    end();
    view.point(7, null);
    expect(moved).toHaveBeenCalledTimes(3);
  });
});
