import type { Command } from "../../protocol/Command";
import type { Event } from "../../protocol/Event";
import type { Outcome } from "../../protocol/Outcome";
import type { RecordEntry } from "../../protocol/RecordEntry";
import type { Refusal } from "../../protocol/Refusal";
import type { SessionState } from "../../protocol/SessionState";
import type { Settings } from "../../protocol/Settings";
import type { Source } from "../../protocol/Source";
import type { Experiment } from "./experiment";
import { DemoNotes } from "./notes";
import { DemoSession } from "./session";
import { sessionKind } from "./techniques";
import { demoRules, lifetimeOf, setLifetime } from "./sources";

type Entry = RecordEntry extends infer R ? (R extends RecordEntry ? Omit<R, "session" | "seq" | "offset" | "at"> : never) : never;

const EXPORT_STEPS = 40;
const STEP_MS = 60;

/** An engine in memory: enough of the real one's behaviour to see and test every screen. */
export class DemoEngine {
  readonly sessions: DemoSession[] = [];
  readonly notes = new DemoNotes(this);
  #listeners = new Set<(events: Event[]) => void>();
  #timers = new Map<string, ReturnType<typeof setInterval>>();
  #operations = 0;
  #offset = 0;

  subscribe(listener: (events: Event[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(...events: Event[]): void {
    for (const listener of this.#listeners) listener(events);
  }

  add(name: string, source: Source, settings: Settings, experiment: Experiment, createdAt: Date): DemoSession {
    const number = this.sessions.length + 1;
    const id = `5e551000-0000-4000-8000-${String(number).padStart(12, "0")}`;
    const session = new (sessionKind(settings.technique))(number, id, name, source, settings, experiment, createdAt);
    this.sessions.unshift(session);
    return session;
  }

  session(id: string): DemoSession {
    const session = this.sessions.find((known) => known.id === id);
    if (!session) throw { code: "no_such_session", message: "There is no such session.", hint: "" } satisfies Refusal;
    return session;
  }

  /** The session that a measurement belongs to. */
  holder(measurement: number): DemoSession | undefined {
    return this.sessions.find((session) => session.number === DemoSession.numberOf(measurement));
  }

  /** Lets files arrive, one every so many milliseconds. */
  run(session: DemoSession, every_ms: number): void {
    this.#halt(session);
    this.#timers.set(
      session.id,
      setInterval(() => this.#arrive(session), every_ms),
    );
  }

  command(command: Command): Outcome {
    switch (command.command) {
      case "start_session":
        return this.#start(command);
      case "pause_session":
        return this.#changed(this.session(command.session), "paused", "Paused by you.");
      case "resume_session":
        return this.#changed(this.session(command.session), "running", null);
      case "pause_all":
        for (const session of this.sessions) {
          if (session.state === "running") this.#changed(session, "paused", "Paused by you.");
        }
        return { outcome: "done" };
      case "stop_session":
        return this.#end(this.session(command.session), "Stopped by you.");
      case "reopen_session":
        return this.#changed(this.session(command.session), "running", null);
      case "rename_session": {
        const session = this.session(command.session);
        this.#check(command.name);
        session.name = command.name;
        return this.#changed(session, session.state, session.reason);
      }
      case "delete_session": {
        const session = this.session(command.session);
        this.#halt(session);
        this.sessions.splice(this.sessions.indexOf(session), 1);
        this.notes.letGo(session);
        this.send({ event: "session_deleted", session: session.id });
        return { outcome: "done" };
      }
      case "revise_settings":
        return this.#revise(this.session(command.session), command.seen_revision, command.settings);
      case "put_marker": {
        const session = this.session(command.session);
        this.#check(command.marker.label);
        const marker = { ...command.marker, from: "here" as const };
        session.markers = [...session.markers.filter(({ id }) => id !== marker.id), marker];
        this.#record(session, { event: "marker_changed", marker, removed: false });
        return { outcome: "done" };
      }
      case "remove_marker": {
        const session = this.session(command.session);
        const marker = session.markers.find(({ id }) => id === command.marker);
        session.markers = session.markers.filter(({ id }) => id !== command.marker);
        if (marker) this.#record(session, { event: "marker_changed", marker, removed: true });
        return { outcome: "done" };
      }
      case "exclude": {
        const session = this.session(command.session);
        const { measurements, excluded } = command;
        for (const id of measurements) if (excluded) session.excluded.add(id); else session.excluded.delete(id);
        this.#record(session, { event: "exclusion_changed", measurements, excluded });
        return { outcome: "done" };
      }
      case "put_mark": {
        const session = this.session(command.session);
        const found = session.find(command.measurement);
        const automatic = found && session.automatic(found.file).find((m) => m.measurement === command.measurement);
        if (!automatic) throw { code: "no_such_measurement", message: "There is no such measurement.", hint: "" } satisfies Refusal;
        const mark = session.marks.put(automatic, command.points);
        const measurement = session.find(command.measurement)?.measurement ?? null;
        this.#record(session, { event: "mark_changed", mark, removed: false, measurement });
        return { outcome: "done" };
      }
      case "remove_mark": {
        const session = this.session(command.session);
        for (const id of command.marks) {
          const gone = session.marks.remove(id);
          if (gone) this.#record(session, { event: "mark_changed", mark: gone.mark, removed: true, measurement: gone.automatic });
        }
        return { outcome: "done" };
      }
      case "export":
        return { outcome: "accepted", operation: this.#operate(command.session, "Export", () => {}) };
      case "export_figure":
        return { outcome: "accepted", operation: this.#operate(command.session, "Figure", () => {}) };
      case "open_archive":
        throw {
          code: "archive_unreadable",
          message: `${command.path} cannot be read: the demo has no files.`,
          hint: "Open archives in the desktop window.",
        } satisfies Refusal;
      case "keep_session":
        return this.#stays(this.session(command.session), 0);
      case "set_expiry":
        return this.#stays(this.session(command.session), command.after_s);
      case "set_temporary_lifetime":
        demoRules.temporary_after_s = command.after_s;
        return { outcome: "done" };
      case "put_note":
      case "add_notes":
      case "delete_note":
      case "delete_notes_of_topic":
      case "clear_notes":
        return this.notes.command(command);
      case "cancel":
        clearInterval(this.#timers.get(command.operation));
        this.send({
          event: "progress", operation: command.operation, session: "", label: "Export", done: 0, total: EXPORT_STEPS,
          outcome: { outcome: "cancelled" },
        });
        return { outcome: "done" };
    }
  }

  /** What the engine asks of names and of markers' texts. */
  #check(name: string): void {
    if (name.trim() !== "" && [...name].length <= 200 && !/\p{Cc}/u.test(name)) return;
    throw {
      code: "name_invalid",
      message: "A name has 1 to 200 characters, on one line.",
      hint: "Choose another name.",
    } satisfies Refusal;
  }

  #stays(session: DemoSession, after_s: number): Outcome {
    this.#record(session, { event: "expiry_changed", after_s: setLifetime(session, after_s) });
    return { outcome: "done" };
  }

  #start(command: Extract<Command, { command: "start_session" }>): Outcome {
    const { name, source, settings } = command;
    const simulated = source.kind === "simulated" ? source.instrument : null;
    const experiment: Experiment = {
      electrodes: simulated?.electrodes ?? 4,
      frequencies_hz: simulated?.frequencies_hz.length ? simulated.frequencies_hz : [15, 60, 200],
      indices: simulated?.files ?? 148,
      interval_s: simulated?.interval_s ?? 20,
      seed: simulated?.seed ?? 11,
    };
    const session = this.add(name || "New session", source, settings, experiment, new Date());
    session.lifetime_s = lifetimeOf(command);
    this.#record(session, { event: "session_started", name: session.name, source, settings });
    this.run(session, source.kind === "imported_files" ? 15 : 200);
    return { outcome: "started", session: session.id };
  }

  #arrive(session: DemoSession): void {
    if (session.state !== "running") return;
    if (session.filesDone >= session.filesExpected) {
      this.#end(session, "All files are done.");
      return;
    }
    const file = session.filesDone;
    session.filesDone += 1;
    const measurements = session.measurements(file);
    this.#record(session, { event: "measured", measurements });
    for (const marker of session.markInjections()) this.#record(session, { event: "marker_changed", marker, removed: false });
  }

  #revise(session: DemoSession, seen: number, settings: Settings): Outcome {
    if (seen !== session.revision) {
      throw {
        code: "revision_outdated",
        message: "The settings were changed meanwhile.",
        hint: "Look at the newest settings and change them again.",
      } satisfies Refusal;
    }
    const revision = session.revision + 1;
    const withoutTrend = (all: Settings): string => JSON.stringify({ ...all, trend: null });
    const needsMeasuring = withoutTrend(settings) !== withoutTrend(session.settings);
    session.revisions = [...session.revisions, { revision, at: new Date().toISOString(), from: "here", settings }];
    this.#record(session, { event: "settings_revised", revision, from: "here", settings });
    if (!needsMeasuring) {
      // As the engine: trends are computed when they are asked for, so that this is done at once and has no progress.
      this.#record(session, { event: "recomputed", revision, measurements: session.summary().measurements });
      return { outcome: "revised", revision, operation: this.#nextOperation() };
    }
    const operation = this.#operate(session.id, "Measuring all sweeps anew", () => {
      this.#record(session, { event: "recomputed", revision, measurements: session.summary().measurements });
    });
    return { outcome: "revised", revision, operation };
  }

  #operate(session: string, label: string, atEnd: () => void): string {
    const operation = this.#nextOperation();
    let done = 0;
    const timer = setInterval(() => {
      done += 1;
      const isOver = done >= EXPORT_STEPS;
      this.send({
        event: "progress", operation, session, label, done, total: EXPORT_STEPS,
        outcome: isOver ? { outcome: "done" } : null,
      });
      if (!isOver) return;
      clearInterval(timer);
      atEnd();
    }, STEP_MS);
    this.#timers.set(operation, timer);
    return operation;
  }

  #nextOperation(): string {
    this.#operations += 1;
    return `0be2a710-0000-4000-8000-${String(this.#operations).padStart(12, "0")}`;
  }

  #changed(session: DemoSession, state: SessionState, reason: string | null): Outcome {
    session.state = state;
    session.reason = reason;
    this.#record(session, { event: "session_changed", name: session.name, state, reason });
    if (state === "running" && !this.#timers.has(session.id)) this.run(session, 200);
    return { outcome: "done" };
  }

  #end(session: DemoSession, reason: string): Outcome {
    this.#halt(session);
    session.ended_at = new Date().toISOString();
    // As the engine: the end is told by one entry.
    session.state = "finished";
    session.reason = reason;
    this.#record(session, { event: "session_ended", reason });
    return { outcome: "done" };
  }

  #halt(session: DemoSession): void {
    clearInterval(this.#timers.get(session.id));
    this.#timers.delete(session.id);
  }

  #record(session: DemoSession, entry: Entry): void {
    session.seq += 1;
    this.#offset += 1;
    const place = { session: session.id, seq: session.seq, offset: this.#offset, at: new Date().toISOString() };
    this.send({ ...place, ...entry } as RecordEntry);
  }
}
