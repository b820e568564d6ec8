import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { App } from "../../app/app.svelte";
import type { Command } from "../../protocol/Command";
import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import NotesScreen from "./NotesScreen.svelte";
import SessionNotes from "./SessionNotes.svelte";

const LIVE = "5e551000-0000-4000-8000-000000000004";

function opened(scene = "scene=still"): { app: App; command: ReturnType<typeof vi.fn<(asked: Command) => void>> } {
  const command = vi.fn<(asked: Command) => void>();
  const app = appOver(scene, (demo) => ({
    command: (asked: Command) => {
      command(asked);
      return demo.command(asked);
    },
  }));
  mountIn(app, NotesScreen, {});
  return { app, command };
}

const note = async (text: string | RegExp): Promise<HTMLElement> => (await screen.findByText(text)).closest("article") as HTMLElement;

test("notes are listed, the newest first, with what they are about and who wrote them", async () => {
  opened();
  const first = await note(/^Door of the Faraday cage/);
  expect(within(first).getByText(/from afar, with the User ID/)).toBeTruthy();
  expect(within(first).getByRole("button", { name: /^ATP titration, 4 electrodes: E\d · \d+.Hz, file \d+$/ })).toBeTruthy();
  const texts = screen.getAllByRole("article").map((article) => article.textContent);
  expect(texts).toHaveLength(6);
  expect(texts[5]).toContain("Ordered 20 more");
  expect(screen.getByRole("status").textContent).toBe("6 notes");
});

test("a search marks what was found, and says so where there is nothing", async () => {
  opened();
  await userEvent.type(await screen.findByLabelText("Search"), "inj 10");
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("1 note with “inj 10”"));
  const found = [...document.querySelectorAll("mark")].map((mark) => mark.textContent);
  expect(found).toEqual(["10", "injected"]);
  await userEvent.type(screen.getByLabelText("Search"), " nowhere");
  expect(await screen.findByText(/No note fits/)).toBeTruthy();
});

test("a note is written with topics and changed; an empty one is not sent", async () => {
  const { command } = opened();
  await userEvent.click(await screen.findByRole("button", { name: "New note" }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText("Write something first.")).toBeTruthy();
  expect(command).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText("Note"), "New stock solution");
  await userEvent.type(screen.getByLabelText("Topics"), "atp, New batch, ATP");
  await userEvent.selectOptions(screen.getByLabelText("About"), "Session “Kanamycin in buffer”");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const written = await note("New stock solution");
  // The spelling that other notes have.
  expect(within(written).getByRole("button", { name: "ATP" })).toBeTruthy();
  expect(within(written).getByRole("button", { name: "Kanamycin in buffer" })).toBeTruthy();
  await userEvent.click(within(written).getByRole("button", { name: "Edit the note" }));
  await userEvent.type(screen.getByLabelText("Note"), ", thawed once");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const changed = await note("New stock solution, thawed once");
  expect(within(changed).getByText(/; changed /)).toBeTruthy();
  expect(command).toHaveBeenLastCalledWith(expect.objectContaining({ command: "put_note", seen_revision: 1 }));
});

test("too long a text and too many topics are said before anything is sent", async () => {
  const { command } = opened();
  await userEvent.click(await screen.findByRole("button", { name: "New note" }));
  const area = screen.getByLabelText("Note");
  area.focus();
  await userEvent.paste("x".repeat(10_001));
  expect(screen.getByText(/^A note has at most 10,000 characters; this one has 10,001\./)).toBeTruthy();
  await userEvent.click(screen.getByLabelText("Topics"));
  await userEvent.paste(Array.from({ length: 13 }, (_, k) => `topic ${k}`).join(","));
  expect(screen.getByText("A note has at most 12 topics.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(command).not.toHaveBeenCalled();
});

test("what somebody else writes, changes or deletes is there at once, and a change over theirs is refused", async () => {
  const { app } = opened();
  const ordered = await note(/^Ordered 20 more/);
  await userEvent.click(within(ordered).getByRole("button", { name: "Edit the note" }));
  const { notes } = await app.platform.query({
    query: "notes", filter: { topic: "Chips", session: null, search: "", of_sessions_only: false }, offset: 0, limit: 1,
  });
  const { id } = notes[0]!;
  await app.platform.command({ command: "put_note", note: { id, text: "Ordered 40", topics: [], link: null }, seen_revision: 1 });
  expect(await screen.findByText("This note was changed meanwhile.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(app.notices.list[0]?.message).toContain("was changed meanwhile"));
  await userEvent.click(screen.getByRole("button", { name: "Show the newest" }));
  expect(await screen.findByText("Ordered 40")).toBeTruthy();
  await app.platform.command({ command: "delete_note", note: id });
  await waitFor(() => expect(screen.queryByText("Ordered 40")).toBeNull());
});

test("a topic is looked at, and its notes are deleted after their number was said", async () => {
  const { command } = opened();
  const topics = await screen.findByRole("group", { name: "Filter by topic" });
  await userEvent.click(within(topics).getByRole("button", { name: /^SOP/ }));
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("1 note about “SOP”"));
  await userEvent.click(screen.getByRole("button", { name: "Delete all about “SOP”…" }));
  const dialog = screen.getByRole("dialog");
  expect(dialog.textContent).toContain("1 note with this topic goes");
  expect(command).not.toHaveBeenCalled();
  await userEvent.click(within(dialog).getByRole("button", { name: "Delete 1 note" }));
  expect(command).toHaveBeenCalledExactlyOnceWith({ command: "delete_notes_of_topic", topic: "SOP", seen: 1 });
  // There is nothing about it any more: all are shown.
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("5 notes"));
});

test("all notes go after their number was said, and the page teaches what to write", async () => {
  const { command } = opened();
  await userEvent.click(await screen.findByRole("button", { name: "Delete all notes…" }));
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete 6 notes" }));
  expect(command).toHaveBeenCalledExactlyOnceWith({ command: "clear_notes", seen: 6 });
  expect(await screen.findByRole("heading", { name: "Write down what the data cannot tell" })).toBeTruthy();
});

test("a pasted text is split after a preview, in one command; parts can be left out", async () => {
  const { command } = opened();
  await userEvent.click(await screen.findByRole("button", { name: "Paste and split…" }));
  const dialog = screen.getByRole("dialog");
  expect(within(dialog).getByText(/is shown here before anything is added/)).toBeTruthy();
  expect(within(dialog).getByRole("button", { name: "Add" }).getAttribute("title")).toBe("There is nothing to add yet.");
  within(dialog).getByLabelText("Text").focus();
  await userEvent.paste("# Buffer\nPBS\n\n# Cell\nnew O-ring\n\n# Left out\nnever mind");
  expect(within(dialog).getByText("This makes 3 notes")).toBeTruthy();
  await userEvent.click(within(dialog).getByRole("checkbox", { name: /^Add note 3/ }));
  expect(within(dialog).getByText("This makes 2 of 3 notes")).toBeTruthy();
  await userEvent.type(within(dialog).getByLabelText("Topics of all"), "Day 3");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add 2 notes" }));
  expect(command).toHaveBeenCalledTimes(1);
  const [asked] = command.mock.calls[0]!;
  const drafts = asked.command === "add_notes" ? asked.notes.map(({ text, topics }) => ({ text, topics })) : [];
  expect(drafts).toEqual([
    { text: "PBS", topics: ["Buffer", "Day 3"] },
    { text: "new O-ring", topics: ["Cell", "Day 3"] },
  ]);
  expect(await note("new O-ring")).toBeTruthy();
});

test("who may only look sees the notes about sessions, and why nothing can be written", async () => {
  opened("scene=still&follow=view_only");
  expect(await screen.findByText(/With a view-only code you see the notes about sessions/)).toBeTruthy();
  await note(/^Door of the Faraday cage/);
  expect(screen.getAllByRole("article")).toHaveLength(4);
  expect(screen.queryByText(/^Ordered 20 more/)).toBeNull();
  for (const name of ["New note", "Paste and split…", "Delete all notes…"]) {
    const button = screen.getByRole("button", { name });
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.getAttribute("title")).toContain("view-only code");
  }
});

test("a note about a point leads to it", async () => {
  const { app } = opened();
  const about = await screen.findByRole("button", { name: /: E\d · \d+.Hz, file \d+$/ });
  await userEvent.click(about);
  expect(app.route).toMatchObject({ screen: "session", session: LIVE, target: { link: { to: "point" } } });
});

test("in a session a note is about the selected point, and what is selected later does not change it", async () => {
  const app = appOver("scene=still&notes=none");
  const view = new SessionView(app.platform, app.hub, LIVE);
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
  mountIn(app, SessionNotes, { view });
  expect(await screen.findByText(/No notes about this session yet. Select a point/)).toBeTruthy();
  const series = view.series(2, 15)!;
  view.selectedMeasurement = series.row(4)!.measurement;
  await userEvent.click(await screen.findByRole("button", { name: /^Add a note about E2 · 15.Hz, file 5$/ }));
  view.selectedMeasurement = null;
  await userEvent.type(screen.getByLabelText("Note"), "bubble");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const written = await note("bubble");
  view.selectedMeasurement = null;
  await userEvent.click(within(written).getByRole("button", { name: /^E2 · 15.Hz, file 5$/ }));
  expect(view.selectedMeasurement).toBe(series.row(4)!.measurement);
  view.close();
});
