import type { ColumnTable } from "../../platform/columns";
import type { Platform } from "../../platform/platform";
import { toRefusal } from "../../platform/platform";
import type { Refusal } from "../../protocol/Refusal";
import type { Settings } from "../../protocol/Settings";
import { RepeatThrottle } from "../../session/frame";
import type { AnyMeasurement } from "../../session/series";
import { analysedIn } from "../../session/sweep";

/** At most ten files a second. */
const INTERVAL_MS = 100;

/** What is wanted of one electrode of a file. */
export interface CurveWish {
  /** The measurements whose numbers are read; the curves are those of the first one's file. */
  ids: readonly number[];
  /** Settings that are only tried out; their numbers take the place of those that are kept. */
  tried: Settings | null;
  /** Settings for the curves alone, where other ones are to be seen than were measured. */
  drawn: Settings | null;
  /** Changes when the session was measured anew. */
  revision: number;
}

/** Curves that were fetched, with their numbers. */
export interface ShownCurves {
  table: ColumnTable;
  /** In the order of the ids; null where the settings give none. */
  measurements: readonly (AnyMeasurement | null)[];
  ids: readonly number[];
  isPreview: boolean;
}

/** Fetches what is wanted now: never two at once, the newest wish wins, and what is shown stays until the next is there. */
export class CurveFeed {
  shown: ShownCurves | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);

  readonly #platform: Platform;
  readonly #queries = new RepeatThrottle(INTERVAL_MS, () => this.#fetch());
  #wish: CurveWish | null = null;
  #done: CurveWish | null = null;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Wants these; null: nothing. */
  want(wish: CurveWish | null): void {
    this.#wish = wish && wish.ids.length > 0 ? wish : null;
    if (!this.#wish) {
      this.#done = null;
      this.shown = null;
      this.refusal = null;
    } else if (!isSame(this.#wish, this.#done)) this.#queries.ask();
  }

  close(): void {
    this.#queries.close();
  }

  async #fetch(): Promise<void> {
    const wish = this.#wish;
    if (!wish || isSame(wish, this.#done)) return;
    try {
      const [first, ...others] = wish.ids;
      if (first === undefined) return;
      const settings = wish.tried ?? wish.drawn;
      const table = await this.#platform.columns({ query: "sweep", measurement: first, settings });
      const rest = await Promise.all(others.map((id) => (wish.tried ? this.#tried(id, wish.tried) : this.#kept(id))));
      if (!this.#wish) return;
      this.#done = wish;
      const { stored } = table.about as { stored?: AnyMeasurement };
      const own = wish.tried ? analysedIn(table) : (stored ?? analysedIn(table));
      this.shown = { table, measurements: [own, ...rest], ids: wish.ids, isPreview: wish.tried !== null };
      this.refusal = null;
    } catch (thrown) {
      if (!this.#wish) return;
      this.#done = wish;
      this.refusal = toRefusal(thrown);
      if (this.shown?.ids[0] !== wish.ids[0]) this.shown = null;
    }
  }

  async #tried(id: number, settings: Settings): Promise<AnyMeasurement | null> {
    return analysedIn(await this.#platform.columns({ query: "sweep", measurement: id, settings }));
  }

  async #kept(id: number): Promise<AnyMeasurement> {
    return (await this.#platform.query({ query: "measurement", measurement: id })).measurement;
  }
}

function isSame(a: CurveWish | null, b: CurveWish | null): boolean {
  if (!a || !b) return a === b;
  return (
    a.tried === b.tried &&
    a.drawn === b.drawn &&
    a.revision === b.revision &&
    a.ids.length === b.ids.length &&
    a.ids.every((id, k) => id === b.ids[k])
  );
}
