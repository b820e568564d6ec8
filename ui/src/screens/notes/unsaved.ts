import type { FoundNote } from "../../protocol/FoundNote";
import type { NoteDraft } from "../../protocol/NoteDraft";
import type { LinkChoice } from "./link-choices";

/** A note that is being written. */
export interface Unsaved {
  /** The note as it was when that began; "new" for one that is being written. */
  about: FoundNote | "new";
  draft: NoteDraft;
  /** What it could be about when that began. */
  choices: readonly LinkChoice[];
}

/** Notes that were begun and neither saved nor given up, by the place where they are written: they wait there until somebody comes back. */
export class UnsavedNotes {
  readonly #byPlace = new Map<string, Unsaved>();

  at(place: string): Unsaved | null {
    return this.#byPlace.get(place) ?? null;
  }

  /** Keeps what was typed; a new note without a word is none. */
  keep(place: string, unsaved: Unsaved): void {
    if (unsaved.about === "new" && unsaved.draft.text.trim() === "") this.#byPlace.delete(place);
    else this.#byPlace.set(place, unsaved);
  }

  /** It was saved or given up. */
  drop(place: string): void {
    this.#byPlace.delete(place);
  }
}
