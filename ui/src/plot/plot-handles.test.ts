import { fireEvent, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import PlotHandles from "./PlotHandles.svelte";

/** 100 pixels a volt; 0 V at the left edge, or at the right one. */
const geometry = (isReversed = false) => ({
  width: 100,
  height: 50,
  px: (x: number) => (isReversed ? 100 - x * 100 : x * 100),
  xAt: (px: number) => (isReversed ? 1 - px / 100 : px / 100),
});

function show(change: { reason?: string; isReversed?: boolean } = {}) {
  const told = { onmove: vi.fn(), onrelease: vi.fn(), oncancel: vi.fn(), onremove: vi.fn() };
  render(PlotHandles, {
    geometry: geometry(change.isReversed), step: 0.01, reason: change.reason ?? null,
    handles: [{ key: "a", x: 0.5, label: "Probe 1", mark: "1", text: "500 mV" }], ...told,
  });
  return { ...told, handle: screen.getByRole("slider", { name: "Probe 1" }), user: userEvent.setup() };
}

describe("lines that can be moved in a plot", () => {
  it("follow the pointer in whole steps and are told when they are let go", async () => {
    const { handle, onmove, onrelease } = show();
    await fireEvent.pointerDown(handle, { button: 0, clientX: 50 });
    await fireEvent.pointerMove(handle, { clientX: 62.4 });
    expect(onmove).toHaveBeenLastCalledWith("a", 0.62);
    await fireEvent.pointerMove(handle, { clientX: 400 });
    expect(onmove).toHaveBeenLastCalledWith("a", 1);
    expect(onrelease).not.toHaveBeenCalled();
    await fireEvent.pointerUp(handle);
    expect(onrelease).toHaveBeenCalledExactlyOnceWith("a");
  });

  it("are not moved by a click", async () => {
    const { handle, onmove, onrelease } = show();
    await fireEvent.pointerDown(handle, { button: 0, clientX: 50 });
    await fireEvent.pointerUp(handle);
    expect(onmove).not.toHaveBeenCalled();
    expect(onrelease).not.toHaveBeenCalled();
  });

  it("are moved by the arrow keys, where the arrows point, and let go with the key", async () => {
    const { handle, onmove, onrelease, user } = show();
    handle.focus();
    await user.keyboard("{ArrowRight}");
    expect(onmove).toHaveBeenLastCalledWith("a", 0.51);
    expect(onrelease).toHaveBeenCalledTimes(1);
    await user.keyboard("{Shift>}{ArrowLeft}{/Shift}");
    expect(onmove).toHaveBeenLastCalledWith("a", 0.4);
  });

  it("go where the arrow points on an axis that runs from right to left", async () => {
    const { handle, onmove, user } = show({ isReversed: true });
    handle.focus();
    await user.keyboard("{ArrowRight}");
    expect(onmove).toHaveBeenLastCalledWith("a", 0.49);
    await user.keyboard("{ArrowUp}");
    expect(onmove).toHaveBeenLastCalledWith("a", 0.51);
  });

  it("go back with Escape while they are held, and away with Delete", async () => {
    const { handle, oncancel, onrelease, onremove, user } = show();
    await fireEvent.pointerDown(handle, { button: 0, clientX: 50 });
    await fireEvent.pointerMove(handle, { clientX: 70 });
    handle.focus();
    await user.keyboard("{Escape}");
    expect(oncancel).toHaveBeenCalledTimes(1);
    await fireEvent.pointerUp(handle);
    expect(onrelease).not.toHaveBeenCalled();
    await user.keyboard("{Delete}");
    expect(onremove).toHaveBeenCalledExactlyOnceWith("a");
  });

  it("stay where nothing may be changed, and say why", async () => {
    const { handle, onmove, onremove, user } = show({ reason: "You only look." });
    await fireEvent.pointerDown(handle, { button: 0, clientX: 50 });
    await fireEvent.pointerMove(handle, { clientX: 70 });
    handle.focus();
    await user.keyboard("{ArrowRight}{Delete}");
    expect(onmove).not.toHaveBeenCalled();
    expect(onremove).not.toHaveBeenCalled();
    expect(handle.title).toBe("You only look.");
    expect(handle.getAttribute("aria-disabled")).toBe("true");
  });
});
