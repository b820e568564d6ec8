/** What a note is about, in words, and the way there. */

import type { Note } from "../../protocol/Note";
import type { NoteLink } from "../../protocol/NoteLink";
import type { NotePlace } from "../../protocol/NotePlace";
import type { SessionView } from "../../session/session-view.svelte";
import { frequency } from "../../plot/si";
import { placeOf } from "../swv/selection";

/** Something in a session that is to be shown. */
export interface Target {
  link: NoteLink;
  place: NotePlace | null;
}

/** Where in its session: "E2 · 15 Hz, file 12"; empty for the session as a whole. */
export function placeWords(link: NoteLink, place: NotePlace | null): string {
  if (link.to === "session") return "";
  if (link.to === "sweep") return `sweeps of file ${link.index}`;
  const parts = [
    place?.electrode == null ? "" : `E${place.electrode}`,
    place?.frequency_hz == null ? "" : frequency(place.frequency_hz),
  ].filter(Boolean);
  const file = place?.index == null ? (place?.file ?? "") : `file ${place.index}`;
  return [parts.join(" · "), file].filter(Boolean).join(", ") || `point ${link.measurement}`;
}

/** The whole of it: "ATP titration: E2 · 15 Hz, file 12". */
export function aboutWords(link: NoteLink, place: NotePlace | null, session: string): string {
  const where = placeWords(link, place);
  return where === "" ? session : `${session}: ${where}`;
}

/** Shows in a session what a note is about: only this viewer's view moves. */
export function show(view: SessionView, { link, place }: Target): void {
  if (link.to === "session") return;
  if (link.to === "point" && placeOf(view.allSeries(), link.measurement) !== null) {
    view.selectedMeasurement = link.measurement;
    return;
  }
  // Another content may have taken its place since: the file number is still there.
  view.selectedMeasurement = null;
  const index = link.to === "sweep" ? link.index : (place?.index ?? null);
  if (index !== null) view.position = { kind: "hold", index };
  if (place?.electrode != null) view.focusedElectrode = place.electrode;
}

/** Whether a note was changed after it was written. */
export const isChanged = (note: Note): boolean => note.revision > 1;
