/** Notes on their way to the engine. */

import type { App } from "../../app/app.svelte";
import type { Note } from "../../protocol/Note";
import type { NoteDraft } from "../../protocol/NoteDraft";
import type { NoteLink } from "../../protocol/NoteLink";

/** An empty note, with the topic that is looked at. */
export function newDraft(topic: string | null, link: NoteLink | null = null): NoteDraft {
  return { id: crypto.randomUUID(), text: "", topics: topic ? [topic] : [], link };
}

/** What is written of a note. */
export function draftOf({ id, text, topics, link }: Note): NoteDraft {
  return { id, text, topics, link };
}

/** Whether it was saved; why not is told. `seen_revision` is 0 for a new note. */
export async function save(app: App, note: NoteDraft, seen_revision: number): Promise<boolean> {
  return (await app.notices.attempt(() => app.platform.command({ command: "put_note", note, seen_revision }))) !== null;
}
