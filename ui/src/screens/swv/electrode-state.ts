import { frequency } from "../../plot/si";
import type { Series } from "../../session/series";
import { QUALITY_CODES, STATUS_CODES } from "../../session/series";

interface SeriesHolder {
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
}

/** What is wrong with the newest measurement of each electrode, in a sentence; electrodes without trouble are not listed. */
export function electrodeStates(
  session: SeriesHolder,
  electrodes: readonly number[],
  frequencies_hz: readonly number[],
): Map<number, string> {
  const states = new Map<number, string>();
  for (const electrode of electrodes) {
    const troubles = frequencies_hz.flatMap((frequency_hz) => {
      const trouble = newestTrouble(session.series(electrode, frequency_hz));
      return trouble ? [`${trouble} at ${frequency(frequency_hz)}`] : [];
    });
    if (troubles.length > 0) states.set(electrode, `newest sweep: ${troubles.join(", ")}`);
  }
  return states;
}

function newestTrouble(series: Series | undefined): string | null {
  if (!series || series.length === 0) return null;
  const newest = series.length - 1;
  if (series.column("status")[newest] === STATUS_CODES.failed) return "not usable";
  if (Number.isNaN(series.column("peak_current_a")[newest])) return "no peak";
  if (series.column("quality")[newest] === QUALITY_CODES.fail) return "poor quality";
  return null;
}
