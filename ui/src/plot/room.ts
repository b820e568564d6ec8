import type { ChartRoom } from "./chart";

/** Room around plot areas in multiples of the text size, so that axes keep their room at 200 % text. */
const LEFT_REM = 3.4;
const BOTTOM_REM = 1.5;
const RIGHT_PX = 18;
const TOP_PX = 6;

/** Pixels of one `rem`: the text size of the page. */
export function remPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** The room that all plots take, so that those one above the other have their edges in line. */
export function plotRoom(hasNumbersBelow: boolean): ChartRoom {
  const rem_px = remPx();
  return {
    left: Math.round(LEFT_REM * rem_px),
    right: RIGHT_PX,
    top: TOP_PX,
    bottom: hasNumbersBelow ? Math.round(BOTTOM_REM * rem_px) : TOP_PX,
  };
}
