/** Frequency maps of the demo: sessions to look at and to compare, and the engine's answer about them in small. */

import type { ChangePoint } from "../../protocol/ChangePoint";
import type { FrequencyMaps } from "../../protocol/FrequencyMaps";
import type { KdmPair } from "../../protocol/KdmPair";
import type { MapChanges } from "../../protocol/MapChanges";
import type { MapPoint } from "../../protocol/MapPoint";
import type { Measurement } from "../../protocol/Measurement";
import type { MeanAndSpread } from "../../protocol/MeanAndSpread";
import type { NamedMap } from "../../protocol/NamedMap";
import type { SessionId } from "../../protocol/SessionId";
import type { Settings } from "../../protocol/Settings";
import type { Source } from "../../protocol/Source";
import { defaultSettings } from "../../settings/defaults";
import type { DemoEngine } from "./engine";
import type { Experiment } from "./experiment";
import type { DemoSession } from "./session";

const HOUR_MS = 3_600_000;
const FREQUENCIES_HZ = [5, 8, 12, 20, 30, 45, 60, 80, 100, 140, 200, 280, 350, 420, 500, 600];
const EXPERIMENT: Experiment = { electrodes: 4, frequencies_hz: FREQUENCIES_HZ, indices: 12, interval_s: 240, seed: 21 };

function mapSettings(): Settings {
  return { ...defaultSettings(), technique: "frequency_map" };
}

function ended(engine: DemoEngine, name: string, hoursAgo: number, experiment: Experiment, maps: number): DemoSession {
  const folder = `/home/ada/experiments/${name}`;
  const source: Source = { kind: "watched_folder", folder };
  const session = engine.add(name, source, mapSettings(), experiment, new Date(Date.now() - hoursAgo * HOUR_MS));
  session.filesDone = maps * experiment.frequencies_hz.length;
  session.state = "finished";
  session.reason = "Stopped by you.";
  session.ended_at = session.timeOf(session.filesDone).toISOString();
  return session;
}

/**
 * `map` (a map is being measured, two sessions to compare), `map-still` (the same, and nothing arrives), `map-first` (nothing
 * has been measured yet).
 */
export function buildMapScene(engine: DemoEngine, scene: string): DemoEngine {
  ended(engine, "Map of chip 12, mixed layer", 90, { ...EXPERIMENT, electrodes: 4, seed: 33 }, 1);
  ended(engine, "Map of chip 14, titrated", 20, EXPERIMENT, 7);
  const source: Source = {
    kind: "simulated",
    folder: "/home/ada/.local/share/sacmes/ada/simulated/2",
    instrument: {
      electrodes: 4, frequencies_hz: FREQUENCIES_HZ, files: 12, interval_s: 240, seed: 22, technique: "frequency_map", scan_rates_v_s: [], format: "csv", style: "append", handle: "SWV",
    },
  };
  const files = scene === "map-first" ? 0 : 3 * FREQUENCIES_HZ.length + 11;
  const live = engine.add("Map of chip 15", source, mapSettings(), { ...EXPERIMENT, seed: 22 }, new Date(Date.now() - HOUR_MS));
  live.filesDone = files;
  if (scene === "map") engine.run(live, 900);
  return engine;
}

function spread(numbers: readonly (number | null)[]): MeanAndSpread {
  const known = numbers.filter((one) => one !== null);
  const count = known.length;
  if (count === 0) return { count, mean: null, sd: null, se: null, interval_95: null };
  const mean = known.reduce((sum, one) => sum + one, 0) / count;
  if (count === 1) return { count, mean, sd: null, se: null, interval_95: null };
  const sd = Math.sqrt(known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1));
  const se = sd / Math.sqrt(count);
  return { count, mean, sd, se, interval_95: 3.18 * se };
}

function point(electrode: number, frequency_hz: number, of: Measurement | undefined): MapPoint {
  const current = of && !of.excluded ? of.peak_current_a : null;
  return {
    frequency_hz,
    electrode,
    peak_current_a: current,
    charge_c: current === null ? null : current / frequency_hz,
    peak_potential_v: current === null ? null : (of?.peak_potential_v ?? null),
    repeats: current === null ? 0 : 1,
    peak_current_sd_a: null,
    reason: current !== null ? null : !of ? "not_measured" : of.excluded ? "excluded" : of.reason,
  };
}

function mapsOf(session: DemoSession): NamedMap[] {
  const byIndex = new Map<number, Measurement[]>();
  for (let file = 0; file < session.filesDone; file += 1) {
    for (const measurement of session.measurements(file)) {
      if (measurement.electrode === null || measurement.index === null) continue;
      byIndex.set(measurement.index, [...(byIndex.get(measurement.index) ?? []), measurement]);
    }
  }
  const electrodes = Array.from({ length: session.experiment.electrodes }, (_, k) => k + 1);
  return [...byIndex].map(([index, measurements]) => {
    const all_hz = [...new Set(measurements.flatMap((one) => one.frequency_hz ?? []))].sort((a, b) => a - b);
    const points = all_hz.flatMap((hz) =>
      electrodes.map((n) => point(n, hz, measurements.find((one) => one.frequency_hz === hz && one.electrode === n))),
    );
    const at = (hz: number) => points.filter((one) => one.frequency_hz === hz);
    return {
      name: byIndex.size > 1 ? `${session.name} #${index}` : session.name,
      session: session.id,
      index,
      complete: points.every((one) => one.peak_current_a !== null),
      points,
      means: all_hz.map((frequency_hz) => ({
        frequency_hz,
        peak_current_a: spread(at(frequency_hz).map((one) => one.peak_current_a)),
        charge_c: spread(at(frequency_hz).map((one) => one.charge_c)),
        peak_potential_v: spread(at(frequency_hz).map((one) => one.peak_potential_v)),
      })),
    };
  });
}

function changeOf(before: MapPoint | undefined, after: MapPoint | undefined): Omit<ChangePoint, "frequency_hz" | "electrode"> {
  const [a, b] = [before?.peak_current_a ?? null, after?.peak_current_a ?? null];
  if (a === null || b === null) {
    const reason = a === null && b === null ? "missing_in_both" : a === null ? "missing_in_first" : "missing_in_second";
    return { difference_a: null, charge_difference_c: null, potential_shift_v: null, ratio: null, gain: null, reason };
  }
  return {
    difference_a: b - a,
    charge_difference_c: (after?.charge_c ?? 0) - (before?.charge_c ?? 0),
    potential_shift_v: (after?.peak_potential_v ?? 0) - (before?.peak_potential_v ?? 0),
    ratio: b / a,
    gain: b / a - 1,
    reason: null,
  };
}

function changesOf(first: NamedMap, map: NamedMap): MapChanges {
  const all_hz = [...new Set([...first.points, ...map.points].map((one) => one.frequency_hz))].sort((a, b) => a - b);
  const electrodes = [...new Set([...first.points, ...map.points].map((one) => one.electrode))].sort((a, b) => (a ?? 0) - (b ?? 0));
  const in_ = (of: NamedMap, hz: number, electrode: number | null) =>
    of.points.find((one) => one.frequency_hz === hz && one.electrode === electrode);
  const points = all_hz.flatMap((frequency_hz) =>
    electrodes.map((electrode) => ({
      frequency_hz,
      electrode,
      ...changeOf(in_(first, frequency_hz, electrode), in_(map, frequency_hz, electrode)),
    })),
  );
  const means = all_hz.map((frequency_hz) => {
    const at = points.filter((one) => one.frequency_hz === frequency_hz);
    return {
      frequency_hz,
      difference_a: spread(at.map((one) => one.difference_a)),
      charge_difference_c: spread(at.map((one) => one.charge_difference_c)),
      potential_shift_v: spread(at.map((one) => one.potential_shift_v)),
      ratio: spread(at.map((one) => one.ratio)),
      gain: spread(at.map((one) => one.gain)),
    };
  });
  const counted = means.filter((one) => one.gain.mean !== null);
  const on = counted.reduce((best, one) => ((one.gain.mean ?? 0) > (best?.gain.mean ?? 0.02) ? one : best), null as (typeof means)[0] | null);
  const off = counted.reduce((best, one) => ((one.gain.mean ?? 0) < (best?.gain.mean ?? -0.02) ? one : best), null as (typeof means)[0] | null);
  const pair: KdmPair | null = on && off && pairOf(points, on.frequency_hz, off.frequency_hz, on.gain, off.gain);
  return {
    first: first.name,
    map: map.name,
    points,
    means,
    pair,
    pair_reason: pair ? null : on ? "no_signal_off" : "no_signal_on",
    pair_message: pair ? null : on ? "The signal shrinks at no frequency." : "The signal grows at no frequency.",
  };
}

function pairOf(points: readonly ChangePoint[], on_hz: number, off_hz: number, on: MeanAndSpread, off: MeanAndSpread): KdmPair {
  const gains = (hz: number) => points.filter((one) => one.frequency_hz === hz).map((one) => one.gain);
  const offs = gains(off_hz);
  const both = gains(on_hz).map((gain, k) => [gain, offs[k] ?? null] as const);
  const of = (formula: (a: number, b: number) => number) =>
    spread(both.map(([a, b]) => (a === null || b === null ? null : formula(a, b))));
  return {
    signal_on_hz: on_hz,
    signal_off_hz: off_hz,
    signal_on_gain: on,
    signal_off_gain: off,
    difference: of((a, b) => 100 * (a - b)),
    difference_over_average: of((a, b) => (100 * (a - b)) / (1 + (a + b) / 2)),
  };
}

/** As the engine answers. */
export function demoMaps(engine: DemoEngine, sessions: readonly SessionId[]): FrequencyMaps {
  const maps = sessions.flatMap((id) => mapsOf(engine.session(id)));
  const [first, ...later] = maps;
  return { maps, comparisons: first ? later.map((map) => changesOf(first, map)) : [], left_out: [] };
}
