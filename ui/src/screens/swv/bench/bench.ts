import "../../../language";
import "../../../design/tokens.css";
import "../../../design/base.css";

import { mount } from "svelte";

import type { SessionView } from "../../../session/session-view.svelte";
import Bench from "./Bench.svelte";
import { BenchHost, FREQUENCIES_HZ } from "./experiment";

/** Times between frames while something goes on, ms. */
export interface FrameTimes {
  name: string;
  frames: number;
  p50_ms: number;
  p95_ms: number;
  longest_ms: number;
  frames_per_s: number;
}

declare global {
  interface Window {
    runBench: (files: number) => Promise<{ opened_ms: number; times: FrameTimes[] }>;
  }
}

const UPDATES_PER_S = 20;
const RUN_MS = 10_000;

async function frameTimes(name: string, run_ms: number, each: (now_ms: number) => void): Promise<FrameTimes> {
  const times: number[] = [];
  const begun = performance.now();
  let last = begun;
  await new Promise<void>((resolve) => {
    const frame = (): void => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (now - begun >= run_ms) return resolve();
      each(now - begun);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const sorted = times.slice(1).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    name,
    frames: sorted.length,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    longest_ms: sorted.at(-1) ?? 0,
    frames_per_s: (sorted.length / (last - begun)) * 1000,
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

window.runBench = async (files) => {
  const host = new BenchHost(files);
  const target = document.getElementById("app");
  if (!target) throw new Error("there is no place for the screen");
  const begun = performance.now();
  const view = await new Promise<SessionView>((resolve) => {
    mount(Bench, { target, props: { platform: host.platform(), onview: resolve } });
  });
  while (view.phase !== "ready" || !target.querySelector(".trends canvas")) await pause(4);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const opened_ms = performance.now() - begun;
  await pause(1500);

  const times: FrameTimes[] = [];
  times.push(await frameTimes("at rest", 2000, () => {}));

  let arrived = 0;
  times.push(
    await frameTimes(`live, ${UPDATES_PER_S} files/s`, RUN_MS, (now_ms) => {
      while (arrived < (now_ms / 1000) * UPDATES_PER_S) {
        host.arrive();
        arrived++;
      }
    }),
  );

  const area = target.querySelector(".trends .u-over");
  const box = area?.getBoundingClientRect();
  if (area && box) {
    let moved = 0;
    times.push(
      await frameTimes("cursor moves", 3000, (now_ms) => {
        moved = now_ms;
        fire(area, "pointermove", box.left + ((moved / 10) % box.width), box.top + box.height / 2);
      }),
    );
    for (let k = 0; k < 6; k++) wheel(area, box.left + box.width / 2, box.top + 20, -240);
    await pause(500);
    fire(area, "pointerdown", box.left + box.width / 2, box.top + 20);
    times.push(
      await frameTimes("panning", 4000, (now_ms) => {
        fire(area, "pointermove", box.left + box.width / 2 + 200 * Math.sin(now_ms / 400), box.top + 20);
      }),
    );
    fire(area, "pointerup", box.left + box.width / 2, box.top + 20);
    area.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    await pause(500);
  }

  times.push(
    await frameTimes("replay of all in 5 s", 5000, (now_ms) => {
      const last = Math.floor(host.files / FREQUENCIES_HZ.length);
      view.position = { kind: "hold", index: Math.max(1, Math.round((now_ms / 5000) * last)) };
    }),
  );
  return { opened_ms, times };
};

function fire(area: Element, type: string, clientX: number, clientY: number): void {
  area.dispatchEvent(new PointerEvent(type, { clientX, clientY, pointerId: 1, pointerType: "mouse", bubbles: true }));
}

function wheel(area: Element, clientX: number, clientY: number, deltaY: number): void {
  area.dispatchEvent(new WheelEvent("wheel", { clientX, clientY, deltaY, bubbles: true, cancelable: true }));
}
