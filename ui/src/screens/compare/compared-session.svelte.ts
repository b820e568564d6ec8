import type { ColumnTable } from "../../platform/columns";
import type { Platform } from "../../platform/platform";
import type { MarkerId } from "../../protocol/MarkerId";
import type { SessionId } from "../../protocol/SessionId";
import type { Technique } from "../../protocol/Technique";
import type { EventHub } from "../../session/event-hub";
import { RepeatThrottle } from "../../session/frame";
import { SessionView } from "../../session/session-view.svelte";
import { indexTimes, type IndexTimes } from "../time-bar/index-times";
import type { Alignment } from "./alignment";
import { alongOf, markerOf } from "./alignment";
import { partValues } from "./column-rows";
import type { Compared } from "./panels";
import { partsOf } from "./quantities";

const TABLE_INTERVAL_MS = 1000;

/** One of the sessions on this screen: what it holds, live, and what this viewer wants to see of it. */
export class ComparedSession {
  readonly view: SessionView;
  /** Its owner has deleted it; what was read of it stays on screen. */
  isDeleted = $state(false);
  isShown = $state(true);
  /** Shown electrodes; null = all. */
  chosenElectrodes: readonly number[] | null = $state.raw(null);
  /** Their mean instead of each by itself. */
  wantsMean = $state(true);
  chosenFrequency_hz: number | null = $state(null);
  chosenMarker: MarkerId | null = $state(null);
  /** Cycle or step; null: the first with a number. */
  chosenPart: number | null = $state(null);

  /** Columns of its series, of techniques whose trends are read from them. */
  #table: ColumnTable | null = null;
  tableVersion = $state(0);
  readonly #tables: RepeatThrottle;
  readonly #letGo: (() => void)[];

  readonly technique: Technique | null = $derived.by(() => this.view.summary?.technique ?? null);
  readonly allElectrodes: readonly (number | null)[] = $derived.by(() =>
    this.view.detail?.electrodes.length ? this.view.detail.electrodes : [null],
  );
  readonly electrodes: readonly (number | null)[] = $derived.by(() => {
    const shown = this.allElectrodes.filter((one) => one === null || (this.chosenElectrodes?.includes(one) ?? true));
    return shown.length > 0 ? shown : this.allElectrodes;
  });
  readonly isMean: boolean = $derived.by(() => this.wantsMean && this.electrodes.length > 1);
  readonly frequencies_hz: readonly number[] = $derived.by(() => this.view.detail?.frequencies_hz ?? []);
  readonly frequency_hz: number | null = $derived.by(() =>
    this.chosenFrequency_hz !== null && this.frequencies_hz.includes(this.chosenFrequency_hz)
      ? this.chosenFrequency_hz
      : (this.frequencies_hz.at(-1) ?? null),
  );
  readonly marker = $derived.by(() => markerOf(this.view.markers, this.chosenMarker));
  readonly parts: readonly number[] = $derived.by(() => {
    void this.tableVersion;
    const parts = this.technique && partsOf(this.technique);
    return parts ? partValues(this.#table, parts.column) : [];
  });
  readonly times: IndexTimes = $derived.by(() => {
    void this.view.seriesVersion;
    return indexTimes(this.view.allSeries(), this.view.settings?.trend.sampling_interval_s ?? 20);
  });

  // Numbers, so that lines are not made anew with every file that comes.
  readonly #origin_s: number = $derived.by(() => this.times.origin_s);
  readonly #markerIndex: number | null = $derived.by(() => this.marker?.index ?? null);
  readonly #markerAfter_s: number = $derived.by(() => (this.#markerIndex === null ? 0 : this.times.at(this.#markerIndex)));

  constructor(
    private readonly platform: Platform,
    hub: EventHub,
    readonly id: SessionId,
  ) {
    this.view = new SessionView(platform, hub, id);
    this.#tables = new RepeatThrottle(TABLE_INTERVAL_MS, () => this.#readTable());
    this.#letGo = [
      hub.onLive((event) => {
        if (event.event === "session_deleted" && event.session === id) this.isDeleted = true;
      }),
    ];
  }

  /** Asks for the columns that are not kept in the store, where its technique has such. */
  followTable(): void {
    void this.view.seriesVersion;
    if (this.technique && partsOf(this.technique) && this.view.phase === "ready" && !this.isDeleted) this.#tables.ask();
  }

  compared(rank: number, alignment: Alignment): Compared | null {
    const { settings, summary } = this.view;
    if (!settings || !summary) return null;
    return {
      session: this.id,
      tag: `S${rank + 1}`,
      name: summary.name,
      rank,
      technique: summary.technique,
      store: this.view,
      table: () => this.#table,
      settings,
      electrodes: this.electrodes,
      allElectrodes: this.allElectrodes,
      isMean: this.isMean,
      frequency_hz: this.frequency_hz,
      allFrequencies_hz: this.frequencies_hz,
      part: this.chosenPart,
      along: alongOf(alignment, {
        origin_s: this.#origin_s,
        marker: this.#markerIndex === null ? null : { index: this.#markerIndex, elapsed_s: this.#markerAfter_s },
      }),
    };
  }

  close(): void {
    this.view.close();
    this.#tables.close();
    this.#letGo.forEach((end) => end());
  }

  async #readTable(): Promise<void> {
    try {
      this.#table = await this.platform.columns({ query: "series", session: this.id, after: 0 });
      this.tableVersion += 1;
    } catch {
      // The view asks for the same series, and says what is wrong with it.
    }
  }
}
