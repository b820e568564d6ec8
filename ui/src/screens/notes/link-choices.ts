/** What a note can be about, to choose from. */

import type { Note } from "../../protocol/Note";
import type { NoteLink } from "../../protocol/NoteLink";
import type { SessionSummary } from "../../protocol/SessionSummary";
import type { SessionView } from "../../session/session-view.svelte";
import { capital } from "../../words";
import { aboutWords, placeWords } from "./about";

export interface LinkChoice {
  words: string;
  link: NoteLink | null;
}

const NOTHING: LinkChoice = { words: "Nothing in particular", link: null };

/** On the page of notes: nothing, what the note is about now, and every session. */
export function choicesAmong(sessions: readonly SessionSummary[], note: Note | null): LinkChoice[] {
  const link = note?.link ?? null;
  const own = link && link.to !== "session" ? [{ words: aboutWords(link, note?.place ?? null, nameOf(sessions, link, note)), link }] : [];
  const all = sessions.map(({ session, name }): LinkChoice => ({ words: `Session “${name}”`, link: { to: "session", session } }));
  return [NOTHING, ...own, ...all];
}

/** In a session: the point that is selected, the sweeps that are looked at, the session; and what the note is about now. */
export function choicesIn(view: SessionView, note: Note | null): LinkChoice[] {
  const session = view.id;
  const choices: LinkChoice[] = [];
  const add = (words: string, link: NoteLink): void => {
    if (!choices.some((choice) => JSON.stringify(choice.link) === JSON.stringify(link))) choices.push({ words, link });
  };
  if (note?.link && note.link.to !== "session") add(capital(placeWords(note.link, note.place)), note.link);
  const point = selectedPoint(view);
  if (point) add(`This point: ${point.words}`, point.link);
  const index = point?.index ?? (view.position.kind === "hold" ? Math.round(view.position.index) : view.newestIndex);
  if (index !== null && index !== undefined) add(`The sweeps of file ${index}`, { to: "sweep", session, index });
  add("This session as a whole", { to: "session", session });
  return choices;
}

/** The point that is selected in a session. */
export function selectedPoint(view: SessionView): { words: string; link: NoteLink; index: number | null } | null {
  const measurement = view.selectedMeasurement;
  if (measurement === null) return null;
  const link: NoteLink = { to: "point", session: view.id, measurement };
  for (const series of view.allSeries()) {
    const row = series.row(series.column("measurement").indexOf(measurement));
    if (!row) continue;
    const index = Number.isNaN(row.index) ? null : row.index;
    const place = { session_name: "", index, electrode: series.electrode, frequency_hz: series.frequency_hz, file: null };
    return { words: placeWords(link, place), link, index };
  }
  return { words: placeWords(link, null), link, index: null };
}

function nameOf(sessions: readonly SessionSummary[], link: NoteLink, note: Note | null): string {
  return sessions.find(({ session }) => session === link.session)?.name ?? note?.place?.session_name ?? "";
}

