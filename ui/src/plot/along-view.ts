/** What a viewer looks at in a group of aligned plots: one range of x, one cursor. Nobody else's view changes with it. */

import { kept, panned, type Range, sameRange, zoomed } from "./range";

/** Which part of the axis along the data is shown, and the place pointed at. */
export class AlongView {
  #fixed: Range | null = null;
  #cursor: number | null = null;
  #pointed: string | null = null;
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

  /** Key of the trace pointed at; it stands out in all plots. */
  get pointed(): string | null {
    return this.#pointed;
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
    this.#pointed = key;
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

  #show(range: Range, limits: Range): void {
    // Zoomed out to everything is the automatic range again, so that a live plot goes on following.
    const next = range.min <= limits.min && range.max >= limits.max ? null : range;
    if (sameRange(next, this.#fixed)) return;
    this.#fixed = next;
    this.#listeners.forEach((listener) => listener());
  }
}
