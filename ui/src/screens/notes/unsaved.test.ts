import { cleanup, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import NotesScreen from "./NotesScreen.svelte";
import SessionNotes from "./SessionNotes.svelte";

const LIVE = "5e551000-0000-4000-8000-000000000004";

test("a note that was begun is there again for whoever comes back, until it is saved or given up", async () => {
  const app = appOver("scene=still");
  mountIn(app, NotesScreen, {});
  await userEvent.click(await screen.findByRole("button", { name: "New note" }));
  await userEvent.type(screen.getByLabelText("Note"), "Half a thought");
  await userEvent.type(screen.getByLabelText("Topics"), "buffer");
  cleanup();

  mountIn(app, NotesScreen, {});
  expect((await screen.findByLabelText<HTMLTextAreaElement>("Note")).value).toBe("Half a thought");
  expect(screen.getByLabelText<HTMLInputElement>("Topics").value).toBe("buffer");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Half a thought", { selector: "article *" });
  expect(screen.queryByLabelText("Note")).toBeNull();
  cleanup();

  mountIn(app, NotesScreen, {});
  await screen.findByText("Half a thought");
  expect(screen.queryByLabelText("Note")).toBeNull();
});

test("a change of a note waits too, and cancelling gives it up", async () => {
  const app = appOver("scene=still");
  mountIn(app, NotesScreen, {});
  await userEvent.click((await screen.findAllByRole("button", { name: "Edit the note" }))[0] as HTMLElement);
  await userEvent.type(screen.getByLabelText("Note"), " and more");
  cleanup();

  mountIn(app, NotesScreen, {});
  expect((await screen.findByLabelText<HTMLTextAreaElement>("Note")).value).toMatch(/ and more$/);
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  cleanup();

  mountIn(app, NotesScreen, {});
  await screen.findAllByRole("article");
  expect(screen.queryByLabelText("Note")).toBeNull();
});

test("in a session it waits at that session, about what was selected then", async () => {
  const app = appOver("scene=still");
  const view = new SessionView(app.platform, app.hub, LIVE);
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
  view.selectedMeasurement = [...view.allSeries()][0]?.row(3)?.measurement ?? null;
  mountIn(app, SessionNotes, { view });
  await userEvent.click(screen.getByRole("button", { name: /^Add a note about/ }));
  await userEvent.type(screen.getByLabelText("Note"), "Odd");
  const about = (): string => screen.getByLabelText<HTMLSelectElement>("About").selectedOptions[0]?.textContent ?? "";
  const before = about();
  expect(before).toMatch(/^This point: /);
  cleanup();

  view.selectedMeasurement = null;
  mountIn(app, SessionNotes, { view });
  expect(screen.getByLabelText<HTMLTextAreaElement>("Note").value).toBe("Odd");
  expect(about()).toBe(before);
  expect(app.unsaved.at("another session")).toBeNull();
  view.close();
});
