import type { Technique } from "../../protocol/Technique";
import type { ScanRates } from "../../protocol/ScanRates";
import { defaultSettings } from "../../settings/defaults";
import { DemoCaSession } from "./ca";
import { DemoCvSession } from "./cv";
import type { DemoEngine } from "./engine";
import { DemoSession } from "./session";

const KINDS: Partial<Record<Technique, typeof DemoSession>> = { cv: DemoCvSession, ca: DemoCaSession };

/** The pretended session of a technique. */
export function sessionKind(technique: Technique): typeof DemoSession {
  return KINDS[technique] ?? DemoSession;
}

/** The study of these sessions; only voltammograms have one. */
export function scanRatesOf(engine: DemoEngine, sessions: readonly string[]): ScanRates {
  const all = sessions.map((id) => engine.session(id)).filter((session) => session instanceof DemoCvSession);
  const [first, ...others] = all.map((session) => session.scanRates());
  if (!first) return { peaks: [], studies: [], left_out: [] };
  const more = others.flatMap((study) => study.peaks);
  const studies = first.studies.map((one) => ({ ...one, peaks: one.peaks * all.length }));
  return { ...first, peaks: [...first.peaks, ...more], studies };
}

/** Scenes of cyclic voltammetry and chronoamperometry: `cv`, `cv_live`, `cv_rates`, `cv_first`, `ca`, `ca_live`. */
export function buildTechniqueScene(scene: string, engine: DemoEngine): boolean {
  const [technique, how = "done"] = scene.split("_");
  if (technique !== "cv" && technique !== "ca") return false;
  const isCv = technique === "cv";
  const settings = { ...defaultSettings(), technique } as ReturnType<typeof defaultSettings>;
  settings.cv = { ...settings.cv, probes_v: [-0.35, -0.1], area_m2: 2e-6 };
  settings.ca = { ...settings.ca, model: "bi", cottrell: true };
  const indices = 60;
  const name = isCv ? "Methylene blue on gold" : "Reporter kinetics";
  const session = engine.add(
    name,
    { kind: "watched_folder", folder: isCv ? "/home/ada/experiments/cv gold" : "/home/ada/experiments/ca kinetics" },
    settings,
    { electrodes: 3, frequencies_hz: [Number.NaN], indices, interval_s: 30, seed: how === "rates" ? 4 : 3 },
    new Date(Date.now() - 45 * 30_000),
  );
  session.filesDone = how === "first" ? 0 : how === "live" ? 42 : indices;
  if (how !== "first") session.markInjections();
  if (how === "done" || how === "rates") {
    session.state = "finished";
    session.reason = "All files are done.";
    session.ended_at = session.timeOf(indices).toISOString();
  }
  if (how === "live") engine.run(session, 1500);
  if (how === "rates") {
    const other = engine.add("Second chip, methylene blue", session.source, settings, session.experiment, new Date(Date.now() - 8e7));
    Object.assign(other, { filesDone: indices, state: "finished", reason: session.reason, ended_at: session.ended_at });
  }
  return true;
}
