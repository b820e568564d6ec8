import type { Platform } from "../../platform/platform";
import type { Outcome } from "../../protocol/Outcome";
import type { Refusal } from "../../protocol/Refusal";
import type { SessionId } from "../../protocol/SessionId";
import type { SimulatedInstrument } from "../../protocol/SimulatedInstrument";
import { defaultSettings } from "../../settings/defaults";

/** Two indices a second: the first injection comes within the first minute, the end after four. */
const LIVELY: SimulatedInstrument = {
  electrodes: 4,
  frequencies_hz: [15, 200],
  files: 480,
  interval_s: 0.25,
  seed: 1,
  format: "csv",
  style: "append",
  handle: "SWV",
};

/** The session that a start command began. */
export function startedSession(outcome: Outcome): SessionId {
  if (outcome.outcome === "started") return outcome.session;
  throw {
    code: "not_started",
    message: "The engine did not say which session it started.",
    hint: "Look for it in the list of sessions.",
  } satisfies Refusal;
}

/** Starts the simulated titration of the start screen. */
export async function startSimulation(platform: Platform, now: Date): Promise<SessionId> {
  const time = now.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  return startedSession(
    await platform.command({
      command: "start_session",
      name: `Simulated titration, ${time}`,
      source: { kind: "simulated", folder: "", instrument: LIVELY },
      settings: defaultSettings(),
    }),
  );
}
