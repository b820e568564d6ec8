import type { Platform } from "../../platform/platform";
import type { Outcome } from "../../protocol/Outcome";
import type { Refusal } from "../../protocol/Refusal";
import type { SessionId } from "../../protocol/SessionId";
import type { SimulatedInstrument } from "../../protocol/SimulatedInstrument";
import type { Technique } from "../../protocol/Technique";
import { defaultSettings } from "../../settings/defaults";

const COMMON: Omit<SimulatedInstrument, "technique" | "electrodes" | "frequencies_hz" | "files" | "interval_s"> = {
  scan_rates_v_s: [],
  seed: 1,
  format: "csv",
  style: "append",
  // Made from the technique by the engine.
  handle: "",
};

interface Simulation {
  /** What the session is called. */
  name: string;
  /** Beside the others. */
  short: string;
  instrument: SimulatedInstrument;
}

/** What each technique's simulation does: all move within the first second and are over in a few minutes. */
export const SIMULATIONS: Record<Technique, Simulation> = {
  swv: {
    name: "Simulated titration",
    short: "SWV",
    // The first injection comes within the first minute, the end after four.
    instrument: { ...COMMON, technique: "swv", electrodes: 4, frequencies_hz: [15, 200], files: 480, interval_s: 0.25 },
  },
  frequency_map: {
    name: "Simulated frequency maps",
    short: "Frequency map",
    instrument: { ...COMMON, technique: "frequency_map", electrodes: 4, frequencies_hz: [], files: 6, interval_s: 0.5 },
  },
  cv: {
    name: "Simulated cyclic voltammetry",
    short: "CV",
    instrument: { ...COMMON, technique: "cv", electrodes: 2, frequencies_hz: [], scan_rates_v_s: [0.02, 0.05, 0.1, 0.2, 0.5], files: 60, interval_s: 2 },
  },
  ca: {
    name: "Simulated chronoamperometry",
    short: "CA",
    instrument: { ...COMMON, technique: "ca", electrodes: 2, frequencies_hz: [], files: 120, interval_s: 1 },
  },
};

/** Those besides the one that a click on the door starts. */
export const OTHER_SIMULATIONS: readonly Technique[] = ["frequency_map", "cv", "ca"];

/** The session that a start command began. */
export function startedSession(outcome: Outcome): SessionId {
  if (outcome.outcome === "started") return outcome.session;
  throw {
    code: "not_started",
    message: "The engine did not say which session it started.",
    hint: "Look for it in the list of sessions.",
  } satisfies Refusal;
}

/** Starts a simulated experiment of the start screen. */
export async function startSimulation(platform: Platform, technique: Technique, now: Date): Promise<SessionId> {
  const time = now.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const { name, instrument } = SIMULATIONS[technique];
  return startedSession(
    await platform.command({
      command: "start_session",
      name: `${name}, ${time}`,
      source: { kind: "simulated", folder: "", instrument },
      settings: { ...defaultSettings(), technique },
    }),
  );
}
