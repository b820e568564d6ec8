import type { Marker } from "../protocol/Marker";
import type { Measurement } from "../protocol/Measurement";
import type { RecordEntry } from "../protocol/RecordEntry";
import type { SessionDetail } from "../protocol/SessionDetail";
import type { TrendSettings } from "../protocol/TrendSettings";
import { expiresAt } from "./expiry";
import type { IndexRange, SeriesStore } from "./series-store";
import { isLive } from "./states";

/** Parts of a session that an entry changed. */
export interface Changes {
  /** Measurements or their exclusion. */
  series: boolean;
  /** Name, state, settings, revisions or markers. */
  detail: boolean;
  /** The list of files, and the counts of files. */
  files: boolean;
  /** Indices whose trends must be asked for; "all" after a change that touches every one. */
  trends: IndexRange | "all" | null;
  /** Points marked by hand, or what they do. */
  marks: boolean;
  /** Measurements were replaced in a way that only the engine knows. */
  mustReloadSeries: boolean;
}

export function noChanges(): Changes {
  return { series: false, detail: false, files: false, trends: null, marks: false, mustReloadSeries: false };
}

/** What became of an entry. */
export type Verdict = "applied" | "known" | "gap";

/**
 * A session as the record tells it: a starting point that was queried, and every later entry applied once, in order.
 */
export class SessionFold {
  #seq: number;
  /** The file of the entry before, where that brought measurements. */
  #measuredBefore: string | null = null;
  /** Newest revision announced to be in force everywhere; 0 when none was. */
  recomputedRevision = 0;

  constructor(
    public detail: SessionDetail,
    readonly series: SeriesStore,
  ) {
    this.#seq = detail.summary.seq;
  }

  /** Number of the newest entry applied. */
  get seq(): number {
    return this.#seq;
  }

  /** Applies the next entry; one that was applied before is skipped, one that comes too early means "ask again". */
  apply(entry: RecordEntry, changes: Changes): Verdict {
    if (entry.seq <= this.#seq) return "known";
    if (entry.seq > this.#seq + 1) return "gap";
    this.#seq = entry.seq;
    this.#take(entry, changes);
    this.#measuredBefore = entry.event === "measured" ? (entry.measurements[0]?.file ?? null) : null;
    return "applied";
  }

  #take(entry: RecordEntry, changes: Changes): void {
    switch (entry.event) {
      case "session_started":
        break;
      case "measured": {
        const { range, mustReload } = this.series.measured(entry.measurements);
        changes.series = true;
        changes.files = true;
        changes.mustReloadSeries ||= mustReload;
        changes.marks ||= entry.measurements.some(({ marked_by_hand }) => marked_by_hand !== undefined);
        this.#trendsChanged(changes, range);
        this.#foundPlaces(entry.measurements, changes);
        break;
      }
      case "file_state":
        changes.files = true;
        // Told without measurements before it: what its file gave may be gone, and only the engine knows.
        changes.mustReloadSeries ||= entry.state === "skipped" && entry.file !== this.#measuredBefore && this.series.has(entry.file);
        break;
      case "settings_revised":
        this.detail = {
          ...this.detail,
          summary: { ...this.detail.summary, revision: entry.revision, technique: entry.settings.technique },
          settings: entry.settings,
          revisions: [
            ...this.detail.revisions.filter((known) => known.revision !== entry.revision),
            { revision: entry.revision, at: entry.at, settings: entry.settings, ...(entry.from ? { from: entry.from } : {}) },
          ],
        };
        changes.detail = true;
        changes.trends = "all";
        break;
      case "recomputed":
        this.recomputedRevision = Math.max(this.recomputedRevision, entry.revision);
        changes.mustReloadSeries = true;
        changes.marks = true;
        changes.trends = "all";
        break;
      case "marker_changed":
        this.detail = { ...this.detail, markers: withMarker(this.detail.markers, entry.marker, entry.removed) };
        changes.detail = true;
        break;
      case "exclusion_changed":
        changes.series = true;
        this.#trendsChanged(changes, this.series.exclude(entry.measurements, entry.excluded));
        break;
      case "mark_changed":
        changes.marks = true;
        if (entry.measurement === null) break;
        changes.series = true;
        this.#trendsChanged(changes, this.series.remeasured(entry.measurement));
        this.#foundPlaces([entry.measurement], changes);
        break;
      case "session_changed":
        this.#summary({ name: entry.name, state: entry.state, reason: entry.reason }, changes);
        if (entry.state === "failed") this.#summary({ ended_at: entry.at, expires_at: this.#expires(entry.at) }, changes);
        else if (entry.state !== "finished") this.#summary({ ended_at: null, expires_at: null }, changes);
        break;
      case "expiry_changed":
        this.#summary({ expires_after_s: entry.after_s }, changes);
        if (!isLive(this.detail.summary)) this.#summary({ expires_at: this.#expires(entry.at) }, changes);
        break;
      case "session_ended":
        this.#summary({ state: "finished", ended_at: entry.at, reason: entry.reason, expires_at: this.#expires(entry.at) }, changes);
        break;
    }
  }

  #expires(since: string): string | null {
    return expiresAt(since, this.detail.summary.expires_after_s);
  }

  #summary(change: Partial<SessionDetail["summary"]>, changes: Changes): void {
    this.detail = { ...this.detail, summary: { ...this.detail.summary, ...change } };
    changes.detail = true;
  }

  #foundPlaces(measurements: readonly Measurement[], changes: Changes): void {
    const { electrodes, frequencies_hz } = this.detail;
    // As the engine counts them: a file that could not be used opens no place for plots.
    const usable = measurements.filter(({ status }) => status !== "failed");
    const newElectrodes = unknown(usable.map((m) => m.electrode), electrodes);
    const newFrequencies = unknown(usable.map((m) => m.frequency_hz), frequencies_hz);
    if (newElectrodes.length === 0 && newFrequencies.length === 0) return;
    this.detail = {
      ...this.detail,
      electrodes: ascending([...electrodes, ...newElectrodes]),
      frequencies_hz: ascending([...frequencies_hz, ...newFrequencies]),
    };
    changes.detail = true;
  }

  #trendsChanged(changes: Changes, range: IndexRange | null): void {
    if (!range || changes.trends === "all") return;
    const { replicates } = this.detail.settings.trend;
    const reference = referenceRange(this.detail.settings.trend);
    if (reference && range.first <= reference.last && reference.first <= range.last) {
      changes.trends = "all";
      return;
    }
    // A group of replicates changes as a whole.
    const first = Math.floor((range.first - 1) / replicates) * replicates + 1;
    const last = Math.ceil(range.last / replicates) * replicates;
    const known = changes.trends;
    changes.trends = known ? { first: Math.min(known.first, first), last: Math.max(known.last, last) } : { first, last };
  }
}

/** The indices that every normalised value depends on. */
function referenceRange(trend: TrendSettings): IndexRange | null {
  if (trend.normalize_to < 0) return null;
  const [first, last] = trend.normalization === "point" ? [trend.normalize_to, trend.normalize_to] : trend.normalize_range;
  return first === undefined || last === undefined ? null : { first, last };
}

function unknown(found: readonly (number | null)[], known: readonly number[]): number[] {
  return [...new Set(found)].filter((value): value is number => value !== null && !known.includes(value));
}

function ascending(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}

/** Markers in the order of their index, with one put or removed. */
export function withMarker(markers: readonly Marker[], marker: Marker, removed: boolean): Marker[] {
  const others = markers.filter((known) => known.id !== marker.id);
  return removed ? others : [...others, marker].sort((a, b) => a.index - b.index);
}
