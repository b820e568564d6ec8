import { describe, expect, it } from "vitest";
import { Frames, type FrameSource } from "./frames";

class FakeScreen implements FrameSource {
  time = 0;
  callback: (() => void) | null = null;
  request(callback: () => void): number {
    this.callback = callback;
    return 1;
  }
  cancel(): void {
    this.callback = null;
  }
  now(): number {
    return this.time;
  }
  frame(): void {
    const callback = this.callback;
    this.callback = null;
    callback?.();
  }
}

describe("frames", () => {
  it("draw once per frame, however often asked", () => {
    const screen = new FakeScreen();
    const frames = new Frames(screen);
    let drawn = 0;
    const plot = { draw: () => void drawn++ };
    for (let k = 0; k < 50; k++) frames.ask(plot);
    screen.frame();
    expect(drawn).toBe(1);
    expect(screen.callback).toBeNull();
  });

  it("leave what does not fit for the next frame, in order, so that nobody starves", () => {
    const screen = new FakeScreen();
    const frames = new Frames(screen, 10);
    const order: string[] = [];
    const plot = (name: string, cost: number) => ({
      draw() {
        order.push(name);
        screen.time += cost;
      },
    });
    const plots = [plot("a", 8), plot("b", 8), plot("c", 1)];
    plots.forEach((p) => frames.ask(p));
    screen.frame();
    expect(order).toEqual(["a", "b"]);
    frames.ask(plots[0] as { draw(): void });
    screen.frame();
    expect(order).toEqual(["a", "b", "c", "a"]);
  });

  it("let a plot ask again while it is drawn", () => {
    const screen = new FakeScreen();
    const frames = new Frames(screen);
    let drawn = 0;
    const plot = {
      draw() {
        if (++drawn < 3) frames.ask(plot);
      },
    };
    frames.ask(plot);
    screen.frame();
    expect(drawn).toBe(1);
    screen.frame();
    screen.frame();
    expect(drawn).toBe(3);
  });

  it("forget a plot that is gone", () => {
    const screen = new FakeScreen();
    const frames = new Frames(screen);
    const plot = { draw: () => expect.unreachable() };
    frames.ask(plot);
    frames.forget(plot);
    expect(screen.callback).toBeNull();
  });
});
