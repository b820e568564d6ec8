import { expect, test, vi } from "vitest";

import { AlongView } from "./along-view";
import { TraceControls } from "./trace-controls";
import type { TraceFigure } from "./trace-figure";
import { ValueAxis } from "./value-axis";

const LIMITS = { min: 0, max: 100 };

/** Controls of a plot of 200 by 100 px that shows x from 0 to 100 and y from 0 to 10. */
function controls() {
  const view = new AlongView();
  const values = new ValueAxis("A");
  values.alsoHolds = { min: 0, max: 10 };
  const automatic = values.range([], null);
  const shownX = () => view.fixed ?? LIMITS;
  const shownY = () => values.range([], null);
  const chart = {
    width: 200,
    height: 100,
    get x() {
      return shownX();
    },
    xAt: (px: number) => shownX().min + (px / 200) * (shownX().max - shownX().min),
    yAt: (py: number) => shownY().max - (py / 100) * (shownY().max - shownY().min),
  };
  const figure = { stage: { chart, ask: () => {} }, content: { traces: [], faults: [], axis: { leastSpan: 1 }, values }, limits: LIMITS };
  const listener = { pointed: vi.fn(), onGaps: vi.fn(), zoomed: vi.fn(), boxing: vi.fn(), picked: vi.fn(), menu: vi.fn() };
  const own = new TraceControls(figure as unknown as TraceFigure, view, listener);
  const key = (name: string, altKey = false) => own.key({ key: name, shiftKey: false, altKey }, document.body);
  return { view, values, key, automatic, shownY };
}

test("Alt and the arrows move the view, and only one that was zoomed up or down", () => {
  const { view, values, key } = controls();
  view.show({ min: 40, max: 60 }, LIMITS, 1);
  expect(key("ArrowRight", true)).toBe(true);
  expect(view.fixed?.min).toBeCloseTo(43);
  key("ArrowLeft", true);
  key("ArrowLeft", true);
  expect(view.fixed?.min).toBeCloseTo(37);
  key("ArrowUp", true);
  expect(values.isFixed).toBe(false);
  expect(key("Tab", true)).toBe(false);
});

test("Page up and Page down zoom the values, Alt and the arrows then move them, and 0 shows everything", () => {
  const { values, key, automatic, shownY } = controls();
  key("PageUp");
  const zoomed = shownY();
  expect(zoomed.max - zoomed.min).toBeCloseTo((automatic.max - automatic.min) * 0.7);
  key("ArrowUp", true);
  expect(shownY().max).toBeGreaterThan(zoomed.max);
  key("PageDown");
  expect(shownY().max - shownY().min).toBeGreaterThan(zoomed.max - zoomed.min);
  key("0");
  expect(values.isFixed).toBe(false);
});
