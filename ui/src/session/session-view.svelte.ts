import type { Platform } from "../platform/platform";
import { toRefusal } from "../platform/platform";
import type { Command } from "../protocol/Command";
import type { Outcome } from "../protocol/Outcome";
import type { RecordEntry } from "../protocol/RecordEntry";
import type { Refusal } from "../protocol/Refusal";
import type { SessionDetail } from "../protocol/SessionDetail";
import type { SessionId } from "../protocol/SessionId";
import type { SessionSummary } from "../protocol/SessionSummary";
import type { Settings } from "../protocol/Settings";
import type { EventHub } from "./event-hub";
import { FrameThrottle, RepeatThrottle } from "./frame";
import type { Changes } from "./fold";
import { noChanges, SessionFold } from "./fold";
import type { Series } from "./series";
import type { IndexRange } from "./series-store";
import { SeriesStore } from "./series-store";
import type { Trend } from "./trend-store";
import { TrendStore } from "./trend-store";

/** Which moment of the session this viewer looks at: the newest, or one that is held. Never leaves this window. */
export type Position = { kind: "live" } | { kind: "hold"; index: number };

const TRENDS_INTERVAL_MS = 120;
const RELOAD_INTERVAL_MS = 1000;

/**
 * One session on screen. Data is plain and fast; whoever draws it reads `seriesVersion` or `trendsVersion` to be told, at most
 * once a frame, that it changed.
 */
export class SessionView {
  phase: "opening" | "ready" | "failed" = $state("opening");
  refusal: Refusal | null = $state.raw(null);
  /** Name, state, settings, revisions and markers as they are now. */
  detail: SessionDetail | null = $state.raw(null);

  /** Counts changes of measurements. */
  seriesVersion = $state(0);
  /** Counts changes of trends. */
  trendsVersion = $state(0);
  /** Counts changes of the list of files. */
  filesVersion = $state(0);

  /** Electrodes and frequencies that this viewer wants to see; null = all. */
  shownElectrodes: readonly number[] | null = $state.raw(null);
  shownFrequencies: readonly number[] | null = $state.raw(null);
  /** The electrode whose sweeps are shown; null = the first shown. */
  focusedElectrode: number | null = $state(null);
  /** Index under the pointer, in all plots at once. */
  cursorIndex: number | null = $state(null);
  position: Position = $state.raw({ kind: "live" });
  /** Measurement that was clicked. */
  selectedMeasurement: number | null = $state(null);
  /** Settings being edited and valid: sweeps are drawn with them instead of the session's. */
  previewSettings: Settings | null = $state.raw(null);

  readonly settings = $derived(this.detail?.settings ?? null);
  readonly summary = $derived(this.detail?.summary ?? null);
  readonly markers = $derived(this.detail?.markers ?? []);
  readonly electrodes: readonly number[] = $derived(
    (this.detail?.electrodes ?? []).filter((n) => this.shownElectrodes?.includes(n) ?? true),
  );
  readonly frequencies_hz: readonly number[] = $derived(
    (this.detail?.frequencies_hz ?? []).filter((f) => this.shownFrequencies?.includes(f) ?? true),
  );
  readonly electrode: number | null = $derived(
    this.focusedElectrode !== null && this.electrodes.includes(this.focusedElectrode)
      ? this.focusedElectrode
      : (this.electrodes[0] ?? null),
  );

  #fold: SessionFold | null = null;
  #trends = new TrendStore();
  /** What was announced while the session is being asked for. */
  #waiting: RecordEntry[] = [];
  #isLoading = true;
  #changes: Changes = noChanges();
  #trendsAsked: IndexRange | "all" | null = null;
  #isClosed = false;
  #letGo: () => void;

  #frame = new FrameThrottle(() => this.#publish());
  #trendQueries = new RepeatThrottle(TRENDS_INTERVAL_MS, () => this.#queryTrends());
  #reloads = new RepeatThrottle(RELOAD_INTERVAL_MS, () => this.#load());

  constructor(
    readonly platform: Platform,
    private readonly hub: EventHub,
    readonly id: SessionId,
  ) {
    // Listening begins before the first question, so that nothing falls between the two.
    this.#letGo = hub.onSession(id, (entries) => this.#receive(entries));
    this.#reloads.ask();
  }

  /** One electrode at one frequency; null electrode: averaged traces and files that could not be used. */
  series(electrode: number | null, frequency_hz: number | null): Series | undefined {
    return this.#fold?.series.get(electrode, frequency_hz);
  }

  allSeries(): Iterable<Series> {
    return this.#fold?.series.all() ?? [];
  }

  trend(electrode: number | null): Trend | undefined {
    return this.#trends.get(electrode);
  }

  /** The newest index that has a measurement, or null. */
  get newestIndex(): number | null {
    let newest: number | null = null;
    for (const series of this.allSeries()) {
      const index = series.column("index");
      // Rows without an index stand last.
      for (let k = index.length - 1; k >= 0; k -= 1) {
        const value = index[k] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        newest = Math.max(newest ?? value, value);
        break;
      }
    }
    return newest;
  }

  /** Takes over what only the engine counts, from the list of sessions: files, and the newest times. */
  takeCounts(counted: SessionSummary): void {
    const fold = this.#fold;
    if (!fold) return;
    // The record may be ahead of the list in these.
    const { name, state, reason, ended_at, revision, technique } = fold.detail.summary;
    fold.detail = { ...fold.detail, summary: { ...counted, name, state, reason, ended_at, revision, technique } };
    this.detail = fold.detail;
  }

  command(command: Command): Promise<Outcome> {
    return this.platform.command(command);
  }

  close(): void {
    this.#isClosed = true;
    this.#letGo();
    this.#frame.close();
    this.#trendQueries.close();
    this.#reloads.close();
  }

  #receive(entries: readonly RecordEntry[]): void {
    if (this.#isLoading) this.#waiting.push(...entries);
    const fold = this.#fold;
    if (!fold) return;
    for (const entry of entries) {
      if (fold.apply(entry, this.#changes) !== "gap") continue;
      this.#reloads.ask();
      break;
    }
    this.#frame.ask();
  }

  /** Asks for the whole session and catches up with what was announced meanwhile. */
  async #load(): Promise<void> {
    this.#isLoading = true;
    this.#waiting = [];
    try {
      await this.hub.connected;
      const { detail } = await this.platform.query({ query: "session", session: this.id });
      const table = await this.platform.columns({ query: "series", session: this.id, after: 0 });
      if (this.#isClosed) return;
      const series = new SeriesStore();
      series.load(table);
      this.#fold = new SessionFold(detail, series);
      this.#changes = { ...noChanges(), series: true, detail: true, files: true, trends: "all" };
      this.#isLoading = false;
      this.#receive(this.#waiting);
      this.#publish();
      this.phase = "ready";
    } catch (thrown) {
      if (this.#isClosed) return;
      this.refusal = toRefusal(thrown);
      if (this.detail === null) this.phase = "failed";
    } finally {
      this.#isLoading = false;
      this.#waiting = [];
    }
  }

  #publish(): void {
    const fold = this.#fold;
    if (!fold) return;
    const changes = this.#changes;
    this.#changes = noChanges();
    if (changes.detail) this.detail = fold.detail;
    if (changes.series) this.seriesVersion += 1;
    if (changes.files) this.filesVersion += 1;
    if (changes.trends) this.#askTrends(changes.trends);
    if (changes.mustReloadSeries) this.#reloads.ask();
  }

  #askTrends(range: IndexRange | "all"): void {
    const asked = this.#trendsAsked;
    if (range === "all" || asked === "all") this.#trendsAsked = "all";
    else if (!asked) this.#trendsAsked = range;
    else this.#trendsAsked = { first: Math.min(asked.first, range.first), last: Math.max(asked.last, range.last) };
    this.#trendQueries.ask();
  }

  async #queryTrends(): Promise<void> {
    const asked = this.#trendsAsked;
    this.#trendsAsked = null;
    if (!asked) return;
    const range = asked === "all" ? null : asked;
    try {
      const table = await this.platform.columns({
        query: "trends",
        session: this.id,
        first_index: range?.first ?? 0,
        last_index: range?.last ?? 0,
      });
      if (this.#isClosed) return;
      this.#trends.take(range, table);
      this.trendsVersion += 1;
    } catch (thrown) {
      if (!this.#isClosed) this.refusal = toRefusal(thrown);
    }
  }
}
