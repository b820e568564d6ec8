import type { SimulatedInstrument } from "../../protocol/SimulatedInstrument";
import type { Source } from "../../protocol/Source";
import { defaultSettings } from "../../settings/defaults";
import { addChips } from "./compare-scene";
import { DemoEngine } from "./engine";
import type { Experiment } from "./experiment";
import { DEMO_FOLDER } from "./folders";
import { buildMapScene } from "./maps";
import type { DemoSession } from "./session";
import { buildTechniqueScene } from "./techniques";

const HOUR_MS = 3_600_000;

function simulated({ electrodes, frequencies_hz, indices, interval_s, seed }: Experiment): Source {
  const instrument: SimulatedInstrument = {
    electrodes, frequencies_hz: [...frequencies_hz], files: indices, interval_s, seed,
    format: "csv", style: "append", handle: "SWV", technique: "swv", scan_rates_v_s: [],
  };
  return { kind: "simulated", folder: "/home/ada/.local/share/sacmes/ada/simulated/1", instrument };
}

function finished(engine: DemoEngine, name: string, folder: string, hoursAgo: number, experiment: Experiment): DemoSession {
  const createdAt = new Date(Date.now() - hoursAgo * HOUR_MS);
  const session = engine.add(name, { kind: "imported_files", folder, files: [] }, defaultSettings(), experiment, createdAt);
  session.filesDone = session.filesExpected;
  session.state = "finished";
  session.reason = "All files are done.";
  session.ended_at = session.timeOf(session.filesDone).toISOString();
  session.markInjections();
  return session;
}

/**
 * What is there when the demo opens: `empty`, `live` (16 electrodes, 3 frequencies), `large` (2,000 indices), `still` (nothing
 * arrives), `unusable` (a folder of which nothing can be measured), `first` (the first file is being written), `compare` (chips of several days beside them). */
export function buildScene(scene: string): DemoEngine {
  const engine = new DemoEngine();
  if (scene === "empty") return engine;
  if (scene.startsWith("map")) return buildMapScene(engine, scene);
  if (buildTechniqueScene(scene, engine)) return engine;
  finished(engine, "Vancomycin in serum, chip 12", "/home/ada/experiments/2025-06-03 vancomycin", 216, {
    electrodes: 8, frequencies_hz: [15, 200], indices: 260, interval_s: 30, seed: 5,
  });
  finished(engine, "Kanamycin in buffer", "/home/ada/experiments/2025-06-10 kanamycin", 50, {
    electrodes: 4, frequencies_hz: [20, 300], indices: 180, interval_s: 20, seed: 6,
  });
  if (scene === "temporary") {
    const looked = finished(engine, "Scan of a new chip", "/media/stick/chip 14", 2, {
      electrodes: 4, frequencies_hz: [15, 200], indices: 30, interval_s: 20, seed: 9,
    });
    looked.lifetime_s = 86_400;
    looked.restingSince = new Date(Date.now() - HOUR_MS / 2).toISOString();
    return engine;
  }
  const waiting = engine.add(
    "Overnight drift, flow cell", { kind: "watched_folder", folder: "/mnt/lab/flow cell" }, defaultSettings(),
    { electrodes: 2, frequencies_hz: [15, 120], indices: 400, interval_s: 60, seed: 8 }, new Date(Date.now() - 3 * HOUR_MS),
  );
  waiting.filesDone = 231;
  waiting.state = "waiting";
  waiting.reason = "Nothing new for 4 min; waiting for file 116 at 120 Hz.";
  if (scene === "unusable" || scene === "first") {
    const session = engine.add(
      scene === "first" ? "ATP titration, first file" : "ATP titration, wrong files", { kind: "watched_folder", folder: DEMO_FOLDER },
      defaultSettings(), { electrodes: 4, frequencies_hz: [15, 200], indices: 40, interval_s: 20, seed: 4 }, new Date(Date.now() - 60_000),
    );
    session.filesDone = scene === "first" ? 0 : 12;
    if (scene === "unusable") {
      session.trouble = {
        reason: "other_technique",
        message: (file) => `${file} holds a cyclic voltammogram, and this session measures square-wave voltammograms. Choose technique cv for it.`,
      };
    }
    return engine;
  }
  const isLarge = scene === "large";
  const experiment: Experiment = {
    electrodes: scene === "still" ? 4 : 16, frequencies_hz: [15, 60, 200], indices: isLarge ? 2000 : 400, interval_s: 12, seed: 3,
  };
  const done = (isLarge ? 2000 : 290) * 3 - 30;
  const live = engine.add(
    `ATP titration, ${experiment.electrodes} electrodes`, scene === "watched" ? { kind: "watched_folder", folder: DEMO_FOLDER } : simulated(experiment),
    defaultSettings(), experiment, new Date(Date.now() - (done / 3) * experiment.interval_s * 1000),
  );
  live.filesDone = done;
  live.markInjections();
  if (scene === "compare") addChips(engine);
  if (scene !== "still") engine.run(live, 333);
  return engine;
}
