import type { ColumnTable } from "../platform/columns";
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
import { Backoff } from "./backoff";
import type { EventHub } from "./event-hub";
import { FrameThrottle, RepeatThrottle } from "./frame";
import type { Changes } from "./fold";
import { noChanges, SessionFold } from "./fold";
import type { Series } from "./series";
import type { IndexRange, Newest } from "./series-store";
import { SeriesStore } from "./series-store";
import type { Trend } from "./trend-store";
import { TrendStore } from "./trend-store";

/** Which moment of the session this viewer looks at: the newest, or one that is held. Never leaves this window. */
export type Position = { kind: "live" } | { kind: "hold"; index: number };

const TRENDS_INTERVAL_MS = 120;
const RELOAD_INTERVAL_MS = 1000;
const NOTHING: Newest = () => Number.NEGATIVE_INFINITY;
/** A session that is not there does not come; one that was deleted neither. */
const GONE = ["no_such_session", "session_deleted"];
/** Nothing is missing where there are no trends: a single frequency map, decays. */
const NO_TRENDS = "no_trends_of_technique";

/**
 * One session on screen. Data is plain and fast; whoever draws it reads `seriesVersion` or `trendsVersion` to be told, at most
 * once a frame, that it changed.
 */
export class SessionView {
  phase: "opening" | "ready" | "failed" = $state("opening");
  /** Why what is shown is not the newest, or not there; null again as soon as asking has succeeded. */
  readonly refusal: Refusal | null = $derived.by(() => this.#whyNoSession ?? this.#whyNoTrends);
  /** Name, state, settings, revisions and markers as they are now. */
  detail: SessionDetail | null = $state.raw(null);

  /** Counts changes of measurements. */
  seriesVersion = $state(0);
  /** Counts changes of trends. */
  trendsVersion = $state(0);
  /** Counts changes of the list of files. */
  filesVersion = $state(0);
  /** Counts changes of points marked by hand. */
  marksVersion = $state(0);

  /** Electrodes and frequencies that this viewer wants to see; null = all. */
  shownElectrodes: readonly number[] | null = $state.raw(null);
  shownFrequencies: readonly number[] | null = $state.raw(null);
  /** The electrode whose sweeps are shown; null = the first shown. */
  focusedElectrode: number | null = $state(null);
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

  /** Newest settings revision that was announced to be in force for every measurement; 0 when none was. */
  recomputedRevision = $state(0);

  #whyNoSession: Refusal | null = $state.raw(null);
  #whyNoTrends: Refusal | null = $state.raw(null);
  #fold: SessionFold | null = null;
  #trends = new TrendStore();
  /** Where the times of the trends shown come from. */
  #trendClock: string | null = null;
  /** What was announced while the session is being asked for. */
  #waiting: RecordEntry[] = [];
  #isLoading = true;
  /** Whether what comes now does not continue what was read. */
  #isOutdated = false;
  #changes: Changes = noChanges();
  #trendsAsked: IndexRange | "all" | null = null;
  /** What had come when trends were last asked for, and when those that are shown were. */
  #newestAsked: Newest = NOTHING;
  #newestShown: Newest = NOTHING;
  #isClosed = false;
  #letGo: () => void;

  #frame = new FrameThrottle(() => this.#publish());
  #trendQueries = new RepeatThrottle(TRENDS_INTERVAL_MS, () => this.#queryTrends());
  #reloads = new RepeatThrottle(RELOAD_INTERVAL_MS, () => this.#load());
  #reloadLater = new Backoff(() => this.#reloads.ask());
  #trendsLater = new Backoff(() => this.#trendQueries.ask());

  constructor(
    readonly platform: Platform,
    private readonly hub: EventHub,
    readonly id: SessionId,
  ) {
    // Listening begins before the first question, so that nothing falls between the two.
    const letGo = [hub.onSession(id, (entries) => this.#receive(entries)), hub.onAnew(() => this.#startAnew())];
    this.#letGo = () => letGo.forEach((end) => end());
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

  /** The newest index of a series that the trends shown know of; -Infinity where there is none. */
  newestInTrends(electrode: number | null, frequency_hz: number | null): number {
    return this.#newestShown(electrode, frequency_hz);
  }

  /** The newest index that has a measurement, or null. */
  get newestIndex(): number | null {
    let newest = Number.NEGATIVE_INFINITY;
    for (const series of this.allSeries()) newest = Math.max(newest, series.newestIndex);
    return Number.isFinite(newest) ? newest : null;
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

  /** Asks for the session again at once. */
  retry(): void {
    if (this.phase === "failed") this.phase = "opening";
    this.#reloads.ask();
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
    this.#reloadLater.close();
    this.#trendsLater.close();
  }

  /** What is shown stays until the session has been read anew; nothing that comes meanwhile continues it. */
  #startAnew(): void {
    this.#isOutdated = true;
    this.#reloads.ask();
  }

  #receive(entries: readonly RecordEntry[]): void {
    if (this.#isLoading) this.#waiting.push(...entries);
    const fold = this.#fold;
    if (!fold || this.#isOutdated) return;
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
      const series = this.#fold?.series ?? new SeriesStore();
      series.load(table);
      this.#fold = new SessionFold(detail, series);
      this.#changes = { ...noChanges(), series: true, detail: true, files: true, marks: true, trends: "all" };
      this.#isLoading = false;
      this.#isOutdated = false;
      this.#receive(this.#waiting);
      this.#publish();
      this.phase = "ready";
      this.#whyNoSession = null;
      this.#reloadLater.succeeded();
    } catch (thrown) {
      if (this.#isClosed) return;
      this.#whyNoSession = toRefusal(thrown);
      if (this.detail === null) this.phase = "failed";
      if (!GONE.includes(this.#whyNoSession.code)) this.#reloadLater.failed();
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
    if (changes.marks) this.marksVersion += 1;
    if (changes.trends) {
      this.#addTrends(changes.trends);
      this.#newestAsked = fold.series.newest();
      this.#trendQueries.ask();
    }
    // What was announced stays so when the session is read anew, which being measured anew is followed by.
    this.recomputedRevision = Math.max(this.recomputedRevision, fold.recomputedRevision);
    if (changes.mustReloadSeries) this.#reloads.ask();
  }

  #addTrends(range: IndexRange | "all"): void {
    const asked = this.#trendsAsked;
    if (range === "all" || asked === "all") this.#trendsAsked = "all";
    else if (!asked) this.#trendsAsked = range;
    else this.#trendsAsked = { first: Math.min(asked.first, range.first), last: Math.max(asked.last, range.last) };
  }

  async #queryTrends(): Promise<void> {
    const asked = this.#trendsAsked;
    this.#trendsAsked = null;
    if (!asked) return;
    const range = asked === "all" ? null : asked;
    const newest = this.#newestAsked;
    try {
      const table = await this.platform.columns({
        query: "trends",
        session: this.id,
        first_index: range?.first ?? 0,
        last_index: range?.last ?? 0,
      });
      if (this.#isClosed) return;
      const clock = timeSource(table);
      if (range && clock !== null && this.#trendClock !== null && clock !== this.#trendClock) {
        // One file can change where the times of a whole series come from; no plot mixes two clocks.
        this.#addTrends("all");
        this.#trendQueries.ask();
        return;
      }
      this.#trendClock = clock ?? this.#trendClock;
      this.#trends.take(range, table);
      this.#newestShown = newest;
      this.trendsVersion += 1;
      this.#whyNoTrends = null;
      this.#trendsLater.succeeded();
    } catch (thrown) {
      if (this.#isClosed) return;
      const why = toRefusal(thrown);
      if (why.code === NO_TRENDS) {
        // Asked again, for everything, when something has come.
        this.#addTrends("all");
        this.#whyNoTrends = null;
        this.#trendsLater.succeeded();
        return;
      }
      this.#whyNoTrends = why;
      // What was not answered is still wanted.
      this.#addTrends(asked);
      this.#trendsLater.failed();
    }
  }
}

/** Where the times of trends come from, as the engine says; null where there are none. */
function timeSource(table: ColumnTable): string | null {
  const { about } = table;
  const source = typeof about === "object" && about !== null && "time_source" in about ? about.time_source : null;
  return typeof source === "string" ? source : null;
}
