import type { Source } from "../../protocol/Source";
import { defaultSettings } from "../../settings/defaults";
import type { DemoEngine } from "./engine";
import type { Experiment } from "./experiment";

const HOUR_MS = 3_600_000;

/** Chips of one kind, measured on different days: what a comparison is for. Two have binding curves, one has no markers, one goes on. */
export function addChips(engine: DemoEngine): void {
  const chips: readonly { name: string; hoursAgo: number; experiment: Experiment; has: { markers: boolean; curve: boolean }; done?: number }[] = [
    { name: "Chip 21, fresh", hoursAgo: 96, experiment: { electrodes: 4, frequencies_hz: [15, 200], indices: 150, interval_s: 20, seed: 21 }, has: { markers: true, curve: true } },
    { name: "Chip 21, after a week in serum", hoursAgo: 30, experiment: { electrodes: 4, frequencies_hz: [15, 200], indices: 180, interval_s: 25, seed: 22 }, has: { markers: true, curve: true } },
    { name: "Chip 22, no injection", hoursAgo: 8, experiment: { electrodes: 2, frequencies_hz: [15, 200], indices: 120, interval_s: 20, seed: 23 }, has: { markers: false, curve: false } },
    { name: "Chip 23, going on", hoursAgo: 0.6, experiment: { electrodes: 4, frequencies_hz: [15, 200], indices: 200, interval_s: 20, seed: 24 }, has: { markers: true, curve: true }, done: 180 },
  ];
  for (const { name, hoursAgo, experiment, has, done } of chips) {
    const folder = `/home/ada/experiments/${name.toLowerCase()}`;
    const createdAt = new Date(Date.now() - hoursAgo * HOUR_MS);
    const source: Source = done === undefined ? { kind: "imported_files", folder, files: [] } : { kind: "watched_folder", folder };
    const session = engine.add(name, source, defaultSettings(), experiment, createdAt);
    session.hasCalibration = has.curve;
    session.filesDone = done ?? session.filesExpected;
    if (has.markers) session.markInjections();
    if (done === undefined) {
      session.state = "finished";
      session.reason = "All files are done.";
      session.ended_at = session.timeOf(session.filesDone).toISOString();
    } else {
      engine.run(session, 400);
    }
  }
}
