/** Why there is no number for a part of a file, in words. */

import type { Platform } from "../../platform/platform";
import type { Measurement } from "../../protocol/Measurement";
import type { Series } from "../../session/series";
import { placeText } from "../swv/explain";
import { type PartColumn, type PartPlace, rowOfPart } from "./part";

interface Explained {
  platform: Platform;
  series(electrode: number | null, frequency_hz: number | null): Series | undefined;
}

/** Reasons looked up most recently are kept: hovering asks for the same ones again and again. */
const MOST_KNOWN = 200;

/** "E3, file 37, segment 2". */
export function partText({ electrode, index, part }: PartPlace, column: PartColumn): string {
  return [placeText(electrode, null, index), part === null ? null : `${column} ${part}`].filter(Boolean).join(", ");
}

export class PartExplainer {
  readonly #known = new Map<string, Promise<Measurement>>();

  constructor(
    private readonly session: Explained,
    private readonly column: PartColumn,
  ) {}

  /** Why one number is missing at a place, although there may be others. */
  async explain(place: PartPlace): Promise<string> {
    const { electrode, index, part } = place;
    const words = partText(place, this.column);
    const row =
      rowOfPart(this.session.series(electrode, null), this.column, part, index) ??
      rowOfPart(this.session.series(null, null), this.column, part, index);
    if (!row) return `${words}: there is no such ${this.column}.`;
    if (row.excluded === 1) return `${words}: excluded by you.`;
    const { file, message } = await this.#lookUp(row.measurement, row.revision);
    return `${words} (${file}): ${message ?? "this number was not found."}`;
  }

  #lookUp(id: number, revision: number): Promise<Measurement> {
    const key = `${id} ${revision}`;
    const known = this.#known.get(key);
    if (known) return known;
    const found = this.session.platform.query({ query: "measurement", measurement: id }).then((answer) => answer.measurement);
    found.catch(() => this.#known.delete(key));
    this.#known.set(key, found);
    const oldest = this.#known.keys().next();
    if (this.#known.size > MOST_KNOWN && !oldest.done) this.#known.delete(oldest.value);
    return found;
  }
}
