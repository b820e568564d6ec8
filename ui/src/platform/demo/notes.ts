import type { Answer } from "../../protocol/Answer";
import type { Command } from "../../protocol/Command";
import type { Event } from "../../protocol/Event";
import type { FoundNote } from "../../protocol/FoundNote";
import type { Note } from "../../protocol/Note";
import type { NoteDraft } from "../../protocol/NoteDraft";
import type { NoteFilter } from "../../protocol/NoteFilter";
import type { NoteLink } from "../../protocol/NoteLink";
import type { NotePlace } from "../../protocol/NotePlace";
import type { Outcome } from "../../protocol/Outcome";
import type { Query } from "../../protocol/Query";
import type { Refusal } from "../../protocol/Refusal";
import type { TextRange } from "../../protocol/TextRange";
import type { TopicCount } from "../../protocol/TopicCount";
import type { DemoSession } from "./session";

/** What notes need of the demo's engine. */
interface Owner {
  readonly sessions: DemoSession[];
  session(id: string): DemoSession;
  holder(measurement: number): DemoSession | undefined;
  send(...events: Event[]): void;
}

type NoteCommand = Extract<Command, { command: "put_note" | "add_notes" | "delete_note" | "delete_notes_of_topic" | "clear_notes" }>;
type NoteQuery = Extract<Query, { query: "notes" | "note_topics" | "note_statistics" }>;

const DAY_MS = 86_400_000;
const key = (topic: string): string => topic.toLowerCase();
const wordsIn = (text: string): number => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Notes in memory, with enough of the engine's rules. */
export class DemoNotes {
  /** Whether whoever asks may only look. */
  ofSessionsOnly = false;
  #notes: Note[] = [];
  #version = 0;

  constructor(private readonly engine: Owner) {}

  command(command: NoteCommand): Outcome {
    switch (command.command) {
      case "put_note":
        this.#put(command.note, command.seen_revision, new Date());
        break;
      case "add_notes": {
        const at = new Date();
        for (const note of [...command.notes].reverse()) this.#put(note, 0, at);
        break;
      }
      case "delete_note":
        this.#find(command.note);
        this.#notes = this.#notes.filter(({ id }) => id !== command.note);
        break;
      case "delete_notes_of_topic": {
        const has = (note: Note): boolean => note.topics.some((topic) => key(topic) === key(command.topic));
        this.#hasSeen(this.#notes.filter(has).length, command.seen);
        this.#notes = this.#notes.filter((note) => !has(note));
        break;
      }
      case "clear_notes":
        this.#hasSeen(this.#notes.length, command.seen);
        this.#notes = [];
        break;
    }
    this.#changed();
    return { outcome: "done" };
  }

  answer(query: NoteQuery): Answer {
    const found = this.#fitting(query.filter);
    switch (query.query) {
      case "notes":
        return { answer: "notes", notes: found.slice(query.offset, query.offset + query.limit), total: found.length };
      case "note_topics":
        return { answer: "note_topics", topics: topicsOf(found).sort((a, b) => key(a.topic).localeCompare(key(b.topic))) };
      case "note_statistics":
        return { answer: "note_statistics", statistics: this.#statistics(found, query.utc_offset_min) };
    }
  }

  /** A session is being deleted: notes about it stay. */
  letGo(session: DemoSession): void {
    this.#notes = this.#notes.map((note) =>
      note.link?.session === session.id ? { ...note, link: null, place: null, former_session: session.name } : note,
    );
    this.#changed();
  }

  /** A note that was there before. */
  seed(draft: NoteDraft, at: Date, by: Note["created_by"] = "here"): void {
    this.#put(draft, 0, at, by);
  }

  #put(draft: NoteDraft, seen: number, now: Date, by: Note["created_by"] = "here"): void {
    if (draft.text.trim() === "") throw refusal("note_empty", "A note without text says nothing.", "Write something first.");
    const known = this.#notes.find(({ id }) => id === draft.id);
    if (seen > 0 && known?.revision !== seen) {
      throw known
        ? refusal("note_changed_meanwhile", `The note was changed meanwhile: revision ${known.revision} is the newest, not ${seen}.`, "Look at the newest text, then change it again.")
        : refusal("no_such_note", `There is no note ${draft.id}.`, "It may have been deleted; list the notes to see which there are.");
    }
    const at = now.toISOString();
    const topics = draft.topics.map((topic) => this.#notes.flatMap((note) => note.topics).find((other) => key(other) === key(topic)) ?? topic);
    const note: Note = {
      ...draft,
      topics,
      revision: seen + 1,
      place: draft.link && this.#place(draft.link),
      former_session: draft.link ? null : (known?.former_session ?? null),
      created_at: known?.created_at ?? at,
      created_by: known?.created_by ?? by,
      changed_at: at,
      changed_by: by,
    };
    this.#notes = [note, ...this.#notes.filter(({ id }) => id !== draft.id)].sort((a, b) => b.created_at.localeCompare(a.created_at));
  }

  #place(link: NoteLink): NotePlace {
    const session = this.engine.session(link.session);
    const nowhere: NotePlace = { session_name: session.name, index: null, electrode: null, frequency_hz: null, file: null };
    if (link.to === "session") return nowhere;
    if (link.to === "sweep") return { ...nowhere, index: link.index };
    const measurement = this.engine.holder(link.measurement)?.find(link.measurement)?.measurement;
    if (!measurement) throw refusal("no_such_measurement", `There is no measurement ${link.measurement}.`, "List the results to see which there are.");
    const { index, electrode, frequency_hz, file } = measurement;
    return { session_name: session.name, index, electrode, frequency_hz, file };
  }

  #find(id: string): Note {
    const note = this.#notes.find((known) => known.id === id);
    if (!note) throw refusal("no_such_note", `There is no note ${id}.`, "It may have been deleted; list the notes to see which there are.");
    return note;
  }

  #hasSeen(found: number, seen: number): void {
    if (found === seen) return;
    throw refusal("notes_changed_meanwhile", `The notes changed meanwhile: there are ${found} now, not ${seen}; none was deleted.`, "Look at them, then delete them again.");
  }

  #changed(): void {
    this.#version += 1;
    this.engine.send({ event: "notes_changed", version: this.#version });
  }

  #fitting(filter: NoteFilter): FoundNote[] {
    const terms = [...filter.search.matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)].map(([, minus, phrase, word]) => ({
      isUnwanted: minus === "-",
      mark: new RegExp(`(?<![\\p{L}\\p{N}])${escaped(phrase ?? word ?? "")}${phrase === undefined ? "[\\p{L}\\p{N}]*" : ""}`, "giu"),
    }));
    return this.#notes
      .filter((note) => {
        if (filter.session !== null && note.link?.session !== filter.session) return false;
        if ((filter.of_sessions_only || this.ofSessionsOnly) && note.link === null) return false;
        if (filter.topic === "" && note.topics.length > 0) return false;
        if (filter.topic && !note.topics.some((topic) => key(topic) === key(filter.topic ?? ""))) return false;
        const words = `${note.text}\n${note.topics.join("\n")}`;
        return terms.every(({ isUnwanted, mark }) => isUnwanted !== (words.search(mark) >= 0));
      })
      .map((note) => ({ ...note, matches: ranges(note.text, terms.filter(({ isUnwanted }) => !isUnwanted).map(({ mark }) => mark)) }));
  }

  #statistics(notes: readonly Note[], utc_offset_min: number): Extract<Answer, { answer: "note_statistics" }>["statistics"] {
    const days = new Map<string, number>();
    const weeks = new Map<string, number>();
    const count = (all: Map<string, number>, of: string): void => void all.set(of, (all.get(of) ?? 0) + 1);
    for (const { created_at } of notes) {
      const at = new Date(Date.parse(created_at) + utc_offset_min * 60_000);
      count(days, at.toISOString().slice(0, 10));
      count(weeks, new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10));
    }
    const sorted = (all: Map<string, number>): [string, number][] => [...all].sort(([a], [b]) => a.localeCompare(b));
    return {
      notes: notes.length,
      words: notes.reduce((sum, { text }) => sum + wordsIn(text), 0),
      of_sessions: notes.filter(({ link }) => link !== null).length,
      without_topic: notes.filter(({ topics }) => topics.length === 0).length,
      changed: notes.filter(({ revision }) => revision > 1).length,
      topics: topicsOf(notes).sort((a, b) => b.notes - a.notes),
      oldest_at: notes.at(-1)?.created_at ?? null,
      newest_at: notes[0]?.created_at ?? null,
      days: sorted(days).map(([day, own]) => ({ day, notes: own })),
      weeks: sorted(weeks).map(([monday, own]) => ({ monday, notes: own })),
    };
  }
}

/** Notes of a scene that has sessions. */
export function seedNotes({ sessions, notes }: { sessions: DemoSession[]; notes: DemoNotes }): void {
  const [live] = sessions;
  const old = sessions.at(-1);
  if (!live || !old) return;
  const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
  let number = 0;
  const seed = (text: string, topics: string[], link: NoteLink | null, hours: number, by?: Note["created_by"]): void => {
    number += 1;
    notes.seed({ id: `007e5000-0000-4000-8000-${String(number).padStart(12, "0")}`, text, topics, link }, ago(hours), by);
  };
  seed("Ordered 20 more screen-printed chips; the batch with the blue dot has the lower background.", ["Chips"], null, 700);
  seed("Serum was thawed twice. Compare with a fresh aliquot before drawing conclusions from the first hour.", ["Serum", "To do"], { to: "session", session: old.id }, 214);
  seed("SOP, short form\n\n1. Rinse the cell three times with 20 mM Tris, 100 mM NaCl, 5 mM MgCl2, pH 7.4\n2. 30 min at rest, then 20 scans without target\n3. Target in steps of a factor of 3, 15 min each\n4. Wash, and look whether the signal comes back", ["SOP"], null, 170);
  seed("Pump stopped for about a minute, tubing was bent. Files from here on look normal again.", ["Flow cell"], { to: "sweep", session: live.id, index: 40 }, 30);
  seed("10 µM ATP injected by hand, 5 µL of the 1 mM stock. The first scan afterwards is mixing, not binding.", ["ATP", "Buffer"], { to: "session", session: live.id }, 3);
  const point = live.measurements(30 * 3)[1]?.measurement;
  if (point != null) {
    seed("Door of the Faraday cage was open here.", ["Noise"], { to: "point", session: live.id, measurement: point }, 1, "afar");
  }
}

function topicsOf(notes: readonly Note[]): TopicCount[] {
  const topics = new Map<string, TopicCount>();
  for (const note of notes) {
    for (const topic of note.topics) {
      const known = topics.get(key(topic)) ?? { topic, notes: 0, words: 0 };
      topics.set(key(topic), { topic: known.topic, notes: known.notes + 1, words: known.words + wordsIn(note.text) });
    }
  }
  return [...topics.values()];
}

/** Where marks fit, in characters, without overlaps. */
function ranges(text: string, marks: readonly RegExp[]): TextRange[] {
  const found = marks
    .flatMap((mark) => [...text.matchAll(mark)].map((match) => [match.index, match.index + match[0].length] as const))
    .filter(([from, to]) => to > from)
    .sort(([a], [b]) => a - b);
  const kept: TextRange[] = [];
  const characters = (end: number): number => [...text.slice(0, end)].length;
  for (const [from, to] of found) {
    if (characters(from) >= (kept.at(-1)?.to ?? 0)) kept.push({ from: characters(from), to: characters(to) });
  }
  return kept;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function refusal(code: string, message: string, hint: string): Refusal {
  return { code, message, hint };
}
