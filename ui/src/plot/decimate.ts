/**
 * Decimation to the pixels of a plot: of all points that fall into one pixel column, the first, the lowest, the highest
 * and the last are drawn, never an average, so that no spike is lost and no value is invented. Gaps stay gaps.
 */

/** Two columns of which the first `length` entries count. A missing value is NaN in `y`. */
export interface Points {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  length: number;
}

/** Stands in a list of kept points where the line is interrupted. */
export const BREAK = -1;

/** How points are laid onto pixel columns. */
export interface ColumnGrid {
  /** Data value at the left edge of the first column. */
  min: number;
  /** Data value at the right edge of the last column. */
  max: number;
  /** Number of pixel columns. */
  columns: number;
  /** A step in x above this interrupts the line: something is missing in between. */
  widestStep: number;
}

/** First position in ascending `x` whose value is at least `value`. */
export function lowerBound(x: ArrayLike<number>, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First position in ascending `x` whose value is above `value`. */
export function upperBound(x: ArrayLike<number>, length: number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Positions of kept points, in order, with [`BREAK`] where the line is interrupted. Reused between calls. */
export class Kept {
  at = new Int32Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(position: number): void {
    if (this.length === this.at.length) {
      const larger = new Int32Array(this.at.length * 2);
      larger.set(this.at);
      this.at = larger;
    }
    this.at[this.length++] = position;
  }

  /** An interruption; two in a row are one, and a list does not begin with one. */
  interrupt(): void {
    if (this.length > 0 && this.at[this.length - 1] !== BREAK) this.push(BREAK);
  }
}

/**
 * Keeps what has to be drawn of `points` from position `from` to `to` (exclusive). Works on any order of x: a column ends
 * when the line leaves it.
 */
export function decimate(points: Points, from: number, to: number, grid: ColumnGrid, kept: Kept): void {
  kept.clear();
  const { x, y } = points;
  const perUnit = grid.columns / (grid.max - grid.min);
  let column = Number.NaN;
  let first = -1;
  let low = -1;
  let high = -1;
  let last = -1;
  const flush = () => {
    if (first < 0) return;
    kept.push(first);
    const a = Math.min(low, high);
    const b = Math.max(low, high);
    if (a > first && a < last) kept.push(a);
    if (b > a && b > first && b < last) kept.push(b);
    if (last > first) kept.push(last);
    first = -1;
  };
  for (let i = from; i < to; i++) {
    const value = y[i] as number;
    if (!Number.isFinite(value)) {
      flush();
      kept.interrupt();
      continue;
    }
    const here = x[i] as number;
    if (i > from && Math.abs(here - (x[i - 1] as number)) > grid.widestStep) {
      flush();
      kept.interrupt();
    }
    const c = Math.floor((here - grid.min) * perUnit);
    if (first >= 0 && c === column) {
      if (value < (y[low] as number)) low = i;
      if (value > (y[high] as number)) high = i;
      last = i;
    } else {
      flush();
      column = c;
      first = low = high = last = i;
    }
  }
  flush();
}

/** Positions `[from, to)` of ascending x that a view shows, with one more on each side so that lines run to the edge. */
export function visible(points: Points, min: number, max: number): [number, number] {
  const from = lowerBound(points.x, points.length, min);
  const to = upperBound(points.x, points.length, max);
  return [Math.max(0, from - 1), Math.min(points.length, to + 1)];
}
