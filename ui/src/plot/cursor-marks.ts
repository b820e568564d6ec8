/**
 * The line under the pointer and the dots where it meets a few traces. Elements of the page, not paint: moving them costs next
 * to nothing, while repainting a layer of every plot for each move would cost a frame.
 */

import type { Easel } from "./paint";
import { nearestRow } from "./pick";
import type { Trace } from "./trace";

/** Dots become noise beyond this many traces. */
const MOST_DOTS = 6;
/** A point this near to the line belongs to it. */
const REACH_PX = 4;
const DOT_PX = 7;

/** Line and dots above one plot area. */
export class CursorMarks {
  readonly #line = document.createElement("div");
  readonly #dots: HTMLElement[] = [];
  readonly #area: HTMLElement;

  constructor(area: HTMLElement) {
    this.#area = area;
    this.#line.style.cssText =
      "position:absolute;top:0;left:0;width:1px;height:100%;background:var(--text-muted);pointer-events:none;display:none";
    area.append(this.#line);
  }

  /** Shows them at x, or nowhere. */
  show(x: number | null, traces: readonly Trace[], easel: Pick<Easel, "map" | "width" | "height" | "colour">): void {
    const px = x === null ? Number.NaN : easel.map.x(x);
    const isSeen = px >= -1 && px <= easel.width + 1;
    this.#line.style.display = isSeen ? "block" : "none";
    if (isSeen) this.#line.style.transform = `translateX(${Math.round(px)}px)`;
    const told = isSeen && x !== null && traces.length <= MOST_DOTS ? traces : [];
    let used = 0;
    for (const trace of told) {
      const row = nearestRow(trace, x ?? 0);
      if (row < 0 || Math.abs(easel.map.x(trace.x[row] as number) - px) > REACH_PX) continue;
      const py = easel.map.y(trace.y[row] as number);
      if (!(py >= 0 && py <= easel.height)) continue;
      const dot = this.#dot(used++);
      dot.style.display = "block";
      dot.style.background = easel.colour(trace.colour);
      dot.style.transform = `translate(${easel.map.x(trace.x[row] as number) - DOT_PX / 2}px, ${py - DOT_PX / 2}px)`;
    }
    for (const dot of this.#dots.slice(used)) dot.style.display = "none";
  }

  #dot(k: number): HTMLElement {
    let dot = this.#dots[k];
    if (!dot) {
      dot = document.createElement("div");
      dot.style.cssText = `position:absolute;top:0;left:0;width:${DOT_PX}px;height:${DOT_PX}px;border-radius:50%;box-shadow:0 0 0 1.5px var(--plot-surface);pointer-events:none`;
      this.#dots.push(dot);
      this.#area.append(dot);
    }
    return dot;
  }
}
