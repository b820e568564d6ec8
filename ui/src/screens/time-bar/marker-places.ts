/** Markers along the time bar. */

import type { Marker } from "../../protocol/Marker";

/** Share of the bar at which an index stands; 0 where there is but one. */
export function shareOf(index: number, first: number, last: number): number {
  return last > first ? Math.min(1, Math.max(0, (index - first) / (last - first))) : 0;
}

/** The nearest marker after (1) or before (-1) an index; null where there is none. Markers are in the order of their index. */
export function markerBeside(markers: readonly Marker[], index: number, direction: 1 | -1): Marker | null {
  return (direction > 0 ? markers.find((marker) => marker.index > index) : markers.findLast((marker) => marker.index < index)) ?? null;
}

/** The file to look at for a marker: its own, or where it stands between two, the one after it. */
export const fileAt = ({ index }: Marker, first: number, last: number): number => Math.min(last, Math.max(first, Math.ceil(index)));
