/** A chart's life on the page: it fits its element, follows dark and light, and is drawn only while it can be seen. */

import { Chart, canDraw, type ChartAxis, type ChartRoom } from "./chart";
import { frames, type Drawable } from "./frames";
import { onScheme } from "./scheme";

/** Plots lower than this are not drawn at all: there would be nothing to see but axes. */
const LEAST_PX = 24;

/** What a stage asks of the plot on it. */
export interface Performer {
  /** Draws; `all` where size, colours or visibility changed and nothing that was drawn can be kept. */
  perform(chart: Chart, all: boolean, end_ms: number): void;
}

/** Keeps one chart in one element. */
export class Stage implements Drawable {
  readonly #host: HTMLElement;
  readonly #performer: Performer;
  readonly #axes: { x: ChartAxis; y: ChartAxis };
  readonly #room: () => ChartRoom;
  readonly #ends: (() => void)[] = [];
  readonly #colours = new Map<string, string>();
  #chart: Chart | null = null;
  #isSeen = true;
  #isStale = true;

  constructor(host: HTMLElement, axes: { x: ChartAxis; y: ChartAxis }, room: () => ChartRoom, performer: Performer) {
    this.#host = host;
    this.#axes = axes;
    this.#room = room;
    this.#performer = performer;
    if (!canDraw()) return;
    const resizes = new ResizeObserver(() => this.#stale());
    resizes.observe(host);
    this.#ends.push(() => resizes.disconnect());
    if ("IntersectionObserver" in globalThis) {
      const sights = new IntersectionObserver((entries) => {
        this.#isSeen = entries.some((entry) => entry.isIntersecting);
        if (this.#isSeen) frames.ask(this);
      });
      sights.observe(host);
      this.#ends.push(() => sights.disconnect());
    }
    this.#ends.push(
      onScheme(() => {
        this.#colours.clear();
        this.#chart?.retheme(host);
        this.#stale();
      }),
    );
    frames.ask(this);
  }

  get chart(): Chart | null {
    return this.#chart;
  }

  /** Asks to be drawn in the next frame. */
  ask(): void {
    if (canDraw()) frames.ask(this);
  }

  draw(end_ms: number): void {
    if (!this.#isSeen) {
      // What changes while nobody looks is drawn whole when somebody does.
      this.#isStale = true;
      return;
    }
    const all = this.#isStale;
    // Measured only after a change: asking for a size makes the page lay itself out at once.
    if (all && !this.#fit()) return;
    this.#isStale = false;
    if (this.#chart) this.#performer.perform(this.#chart, all, end_ms);
  }

  /** Called with each new chart, before it is drawn on. */
  onChart: ((chart: Chart) => void) | null = null;

  /** A colour of the design as a canvas takes it. */
  colour(css: string): string {
    if (!css.startsWith("var(")) return css;
    let colour = this.#colours.get(css);
    if (colour === undefined) {
      const name = css.slice(4, -1).trim();
      colour = getComputedStyle(this.#host).getPropertyValue(name).trim() || "#888";
      this.#colours.set(css, colour);
    }
    return colour;
  }

  destroy(): void {
    frames.forget(this);
    this.#ends.forEach((end) => end());
    this.#chart?.destroy();
    this.#chart = null;
  }

  /** Gives the chart the size of its element; false where that is too small for one. */
  #fit(): boolean {
    const width = this.#host.clientWidth;
    const height = this.#host.clientHeight;
    if (width < LEAST_PX || height < LEAST_PX) return false;
    if (this.#chart) this.#chart.setSize(width, height);
    else {
      this.#chart = new Chart(this.#host, this.#axes, this.#room(), { width, height });
      this.onChart?.(this.#chart);
    }
    return true;
  }

  #stale(): void {
    this.#isStale = true;
    frames.ask(this);
  }
}
