/** What a viewer looks at in a group of aligned plots: one range of x, one cursor. Nobody else's view changes with it. */

import { kept, panned, type Range, sameRange, union, zoomed } from "./range";

/** A pointer that stays on a trace for this long means it; until then nothing is repainted. */
const RESTS_MS = 70;

/** Which part of the axis along the data is shown, and the place pointed at. */
export class AlongView {
  /** Ranges of the data of each plot in the group. */
  readonly #data = new Map<object, Range | null>();
  #axis: { range(current: Range | null, data: Range | null): Range } | null = null;
  #automatic: Range | null = null;
  #fixed: Range | null = null;
  #cursor: number | null = null;
  #pointed: string | null = null;
  #standsOut: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #cursorListeners = new Set<() => void>();

  /** The range chosen by zooming or panning; null = automatic. */
  get fixed(): Range | null {
    return this.#fixed;
  }

  /** x of the cursor; null when nobody points. */
  get cursor(): number | null {
    return this.#cursor;
  }

  /** The automatic range, the same for all plots; null before any was drawn. */
  get automatic(): Range | null {
    return this.#automatic;
  }

  /** Takes in what range of data a plot has, and gives the range to show. */
  range(plot: object, axis: { range(current: Range | null, data: Range | null): Range }, data: Range | null): Range {
    if (axis !== this.#axis) {
      this.#axis = axis;
      this.#automatic = null;
      this.#data.clear();
    }
    this.#data.set(plot, data);
    let all: Range | null = null;
    for (const range of this.#data.values()) all = union(all, range);
    const next = axis.range(this.#automatic, all);
    if (!sameRange(next, this.#automatic)) {
      this.#automatic = next;
      if (this.#fixed === null) this.#listeners.forEach((listener) => listener());
    }
    return this.#fixed ?? next;
  }

  /** A plot is gone. */
  leave(plot: object): void {
    this.#data.delete(plot);
  }

  /** Key of the trace pointed at. */
  get pointed(): string | null {
    return this.#pointed;
  }

  /** Key of the trace that stands out in all plots: the one pointed at, once the pointer rests on it. */
  get standsOut(): string | null {
    return this.#standsOut;
  }

  zoom(shown: Range, about: number, factor: number, limits: Range, leastSpan: number): void {
    this.#show(kept(zoomed(shown, about, factor), limits, leastSpan), limits);
  }

  pan(shown: Range, by: number, limits: Range, leastSpan: number): void {
    this.#show(kept(panned(shown, by), limits, leastSpan), limits);
  }

  show(range: Range, limits: Range, leastSpan: number): void {
    this.#show(kept(range, limits, leastSpan), limits);
  }

  /** Back to the automatic range. */
  reset(): void {
    if (this.#fixed === null) return;
    this.#fixed = null;
    this.#listeners.forEach((listener) => listener());
  }

  /** Points at a place, and at a trace there. */
  point(x: number | null, key: string | null): void {
    if (x === this.#cursor && key === this.#pointed) return;
    this.#cursor = x;
    if (key !== this.#pointed) {
      this.#pointed = key;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#emphasise(), RESTS_MS);
    }
    this.#cursorListeners.forEach((listener) => listener());
  }

  /** Tells of changes of the range. */
  onRange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells of moves of the cursor. */
  onCursor(listener: () => void): () => void {
    this.#cursorListeners.add(listener);
    return () => this.#cursorListeners.delete(listener);
  }

  #emphasise(): void {
    if (this.#standsOut === this.#pointed) return;
    this.#standsOut = this.#pointed;
    this.#cursorListeners.forEach((listener) => listener());
  }

  #show(range: Range, limits: Range): void {
    // Zoomed out to everything is the automatic range again, so that a live plot goes on following.
    const next = range.min <= limits.min && range.max >= limits.max ? null : range;
    if (sameRange(next, this.#fixed)) return;
    this.#fixed = next;
    this.#listeners.forEach((listener) => listener());
  }
}
