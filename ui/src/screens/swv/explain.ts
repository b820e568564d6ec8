/** Why there is no number at a place, in words. */

import type { Platform } from "../../platform/platform";
import { frequency } from "../../plot/si";
import type { Measurement } from "../../protocol/Measurement";
import type { Series } from "../../session/series";

/** What explaining needs to know of the session. */
export interface Explained {
  platform: Platform;
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
}

/** Reasons looked up most recently are kept: hovering asks for the same ones again and again. */
const MOST_KNOWN = 200;

/** Where a point stands: "E3 · 200 Hz, file 37". */
export function placeText(electrode: number | null, frequency_hz: number | null, index: number): string {
  const parts = [electrode === null ? null : `E${electrode}`, frequency_hz === null ? null : frequency(frequency_hz)];
  return [parts.filter(Boolean).join(" · "), `file ${index}`].filter(Boolean).join(", ");
}

/** Explains the gaps of one session. */
export class Explainer {
  readonly #session: Explained;
  readonly #known = new Map<string, Promise<Measurement>>();

  constructor(session: Explained) {
    this.#session = session;
  }

  /** A missing number of one electrode at one frequency. */
  async measured(electrode: number | null, frequency_hz: number | null, index: number): Promise<string> {
    for (const of of [electrode, null]) {
      const series = this.#session.series(of, frequency_hz);
      const position = series?.positionOf(index) ?? -1;
      if (series && position >= 0) return this.#measurement(series, position);
    }
    return `${placeText(electrode, frequency_hz, index)}: there is no such file.`;
  }

  /** A missing number that is made of several: of two frequencies, and of the reference (negative: there is none). */
  async trend(
    electrode: number | null,
    frequencies_hz: readonly (number | null)[],
    index: number,
    referenceIndex: number,
  ): Promise<string> {
    for (const at of [index, referenceIndex]) {
      for (const frequency_hz of frequencies_hz) {
        if (at < 0 || this.#isUsable(electrode, frequency_hz, at)) continue;
        const why = await this.measured(electrode, frequency_hz, at);
        return at === index ? why : `The reference has no number. ${why}`;
      }
    }
    return `${placeText(electrode, null, index)}: this number cannot be computed.`;
  }

  #isUsable(electrode: number | null, frequency_hz: number | null, index: number): boolean {
    const series = this.#session.series(electrode, frequency_hz);
    const row = series?.row(series.positionOf(index));
    return row?.excluded === 0 && Number.isFinite(row.peak_current_a);
  }

  async #measurement(series: Series, position: number): Promise<string> {
    const row = series.row(position);
    const place = placeText(series.electrode, series.frequency_hz, row?.index ?? Number.NaN);
    if (!row) return `${place}: there is no measurement.`;
    if (row.excluded === 1) return `${place}: excluded by you.`;
    const { file, message } = await this.#lookUp(row.measurement, row.revision);
    return `${place} (${file}): ${message ?? "there is no number."}`;
  }

  #lookUp(id: number, revision: number): Promise<Measurement> {
    const key = `${id} ${revision}`;
    let found = this.#known.get(key);
    if (found) return found;
    found = this.#session.platform.query({ query: "measurement", measurement: id }).then((answer) => answer.measurement);
    found.catch(() => this.#known.delete(key));
    this.#known.set(key, found);
    const oldest = this.#known.keys().next();
    if (this.#known.size > MOST_KNOWN && !oldest.done) this.#known.delete(oldest.value);
    return found;
  }
}
