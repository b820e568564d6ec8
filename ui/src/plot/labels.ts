/** Placing the labels of marker lines so that they never cover each other. */

/** A label to be placed: its line's position and its text's width, in pixels. */
export interface LabelRequest {
  at_px: number;
  width_px: number;
}

/** Where a label goes: left edge and row from the top, or nowhere for lack of room. */
export interface LabelPlace {
  left_px: number;
  row: number;
}

const GAP_PX = 6;

/**
 * Places labels from left to right, each beside its line (on its right, or on its left at the right edge), in the first row
 * that has room. A label without room in any row is left out; its line stays, and hovering tells its text.
 */
export function placeLabels(requests: readonly LabelRequest[], plotWidth_px: number, rows: number): (LabelPlace | null)[] {
  const taken: [number, number][][] = Array.from({ length: rows }, () => []);
  const order = requests.map((_, k) => k).sort((a, b) => at(requests, a) - at(requests, b));
  const places = new Array<LabelPlace | null>(requests.length).fill(null);
  for (const k of order) {
    const request = requests[k] as LabelRequest;
    const right = request.at_px + 4;
    const sides = right + request.width_px <= plotWidth_px ? [right] : [request.at_px - 4 - request.width_px];
    for (let row = 0; row < rows && !places[k]; row++) {
      const inRow = taken[row] as [number, number][];
      for (const left_px of sides) {
        const free = inRow.every(([l, r]) => left_px > r + GAP_PX || left_px + request.width_px < l - GAP_PX);
        if (left_px < 0 || !free) continue;
        inRow.push([left_px, left_px + request.width_px]);
        places[k] = { left_px, row };
        break;
      }
    }
  }
  return places;
}

function at(requests: readonly LabelRequest[], k: number): number {
  return (requests[k] as LabelRequest).at_px;
}
