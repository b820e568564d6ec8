import { describe, expect, it, vi } from "vitest";
import { boxBetween, listen, wheelFactor, type GestureHandler } from "./gestures";

function plot() {
  const area = document.createElement("div");
  Object.defineProperty(area, "clientWidth", { value: 400 });
  Object.defineProperty(area, "clientHeight", { value: 100 });
  const handler = {
    hover: vi.fn(),
    pick: vi.fn(),
    zoom: vi.fn(),
    panStart: vi.fn(),
    pan: vi.fn(),
    box: vi.fn(),
    boxing: vi.fn(),
    reset: vi.fn(),
    menu: vi.fn(),
  } satisfies GestureHandler;
  const end = listen(area, handler);
  const fire = (type: string, x: number, y: number, more: MouseEventInit = {}, pointerId = 1) => {
    const event = new MouseEvent(type, { clientX: x, clientY: y, cancelable: true, ...more });
    Object.assign(event, { pointerId, pointerType: "mouse" });
    area.dispatchEvent(event);
    return event;
  };
  return { handler, fire, end };
}

describe("gestures", () => {
  it("a press without movement picks", () => {
    const { handler, fire } = plot();
    fire("pointerdown", 50, 20);
    fire("pointermove", 52, 20);
    fire("pointerup", 52, 20);
    expect(handler.pick).toHaveBeenCalledWith({ px: 52, py: 20 });
    expect(handler.pan).not.toHaveBeenCalled();
  });

  it("a drag pans by what the pointer moved and picks nothing", () => {
    const { handler, fire } = plot();
    fire("pointerdown", 50, 20);
    fire("pointermove", 60, 20);
    fire("pointermove", 75, 22);
    fire("pointerup", 75, 22);
    expect(handler.panStart).toHaveBeenCalledOnce();
    expect(handler.pan.mock.calls).toEqual([
      [10, 0],
      [15, 2],
    ]);
    expect(handler.pick).not.toHaveBeenCalled();
  });

  it("a drag with shift draws a box", () => {
    const { handler, fire } = plot();
    fire("pointerdown", 50, 20, { shiftKey: true });
    fire("pointermove", 150, 80, { shiftKey: true });
    fire("pointerup", 150, 80, { shiftKey: true });
    expect(handler.box).toHaveBeenCalledWith({ left: 50, top: 20, width: 100, height: 60 });
    expect(handler.boxing).toHaveBeenLastCalledWith(null);
  });

  it("a flat or narrow box means the whole of the other axis, a tiny one nothing", () => {
    const size = { width: 400, height: 100 };
    expect(boxBetween({ px: 10, py: 50 }, { px: 110, py: 53 }, size)).toEqual({ left: 10, top: 0, width: 100, height: 100 });
    expect(boxBetween({ px: 10, py: 20 }, { px: 12, py: 90 }, size)).toEqual({ left: 0, top: 20, width: 400, height: 70 });
    expect(boxBetween({ px: 10, py: 20 }, { px: 11, py: 21 }, size)).toBeNull();
  });

  it("double click resets, right click opens the menu instead of the browser's", () => {
    const { handler, fire } = plot();
    fire("dblclick", 1, 1);
    expect(handler.reset).toHaveBeenCalledOnce();
    const event = fire("contextmenu", 30, 40);
    expect(event.defaultPrevented).toBe(true);
    expect(handler.menu).toHaveBeenCalledWith({ px: 30, py: 40 }, { x: 30, y: 40 });
  });

  it("two fingers above each other zoom the values", () => {
    const { handler, fire } = plot();
    fire("pointerdown", 50, 20, {}, 1);
    fire("pointerdown", 52, 60, {}, 2);
    fire("pointermove", 52, 100, {}, 2);
    expect(handler.zoom).toHaveBeenCalledWith({ px: 51, py: 60 }, { x: false, y: true }, 0.5);
  });

  it("stop with the plot", () => {
    const { handler, fire, end } = plot();
    end();
    fire("dblclick", 1, 1);
    expect(handler.reset).not.toHaveBeenCalled();
  });

  it("zooming in and out by the same wheel is neutral, and no step is wild", () => {
    const out = wheelFactor({ deltaY: 120, deltaMode: 0, ctrlKey: false });
    const into = wheelFactor({ deltaY: -120, deltaMode: 0, ctrlKey: false });
    expect(out * into).toBeCloseTo(1, 12);
    expect(out).toBeGreaterThan(1);
    expect(wheelFactor({ deltaY: 1e6, deltaMode: 0, ctrlKey: false })).toBeLessThan(2);
  });
});
