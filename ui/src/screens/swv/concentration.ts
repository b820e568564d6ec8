/** Why there is no concentration at a place. */

import type { SessionView } from "../../session/session-view.svelte";
import { placeText } from "./explain";

/** What the engine's flags of the calibrated range mean. */
const RANGE_WORDS: Record<string, string> = {
  "-2": "the response lies below the blank of the calibration curve, so that no concentration belongs to it.",
  "-1": "the concentration is below those of the calibration.",
  "1": "the concentration is above those of the calibration.",
  "2": "the response lies beyond the saturation of the calibration curve, so that no concentration belongs to it.",
};

/** Asks the engine for the trend at one index, and says what it says. */
export async function whyNoConcentration(
  view: Pick<SessionView, "platform" | "id">,
  electrode: number | null,
  index: number,
): Promise<string> {
  const place = placeText(electrode, null, index);
  const table = await view.platform.columns({ query: "trends", session: view.id, first_index: index, last_index: index });
  const electrodes = table.column("electrode");
  const row = electrodes.findIndex((value) => (Number.isNaN(value) ? electrode === null : value === electrode));
  if (row < 0) return `${place}: there is no such file.`;
  const flag = table.column("out_of_range")[row];
  const words = flag === undefined ? undefined : RANGE_WORDS[String(flag)];
  if (words) return `${place}: ${words}`;
  const { reasons } = table.about as { reasons?: readonly string[] };
  const reason = reasons?.[table.column("reason")[row] ?? -1];
  return `${place}: there is no concentration${reason ? ` (${reason.replaceAll("_", " ")})` : ""}.`;
}
