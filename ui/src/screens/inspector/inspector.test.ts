import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import type { Mock } from "vitest";
import { afterEach, expect, test, vi } from "vitest";

import type { Command } from "../../protocol/Command";
import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import Inspector from "./Inspector.svelte";

const LIVE = "5e551000-0000-4000-8000-000000000004";
let view: SessionView;

afterEach(() => view.close());

async function inspector(tab: string): Promise<Mock> {
  const command = vi.fn();
  const app = appOver("scene=still", (demo) => ({
    command: (asked: Command) => {
      command(asked);
      return demo.command(asked);
    },
  }));
  // The view knows its session before the inspector shows it, as on the session's screen.
  view = new SessionView(app.platform, app.hub, LIVE);
  await vi.waitFor(() => expect(view.phase).toBe("ready"), 5000);
  mountIn(app, Inspector, { view });
  await userEvent.click(screen.getByRole("tab", { name: tab }));
  return command;
}

test("a wrong setting is marked with what is allowed, and cannot be applied", async () => {
  const command = await inspector("Settings");
  await userEvent.clear(screen.getByLabelText(/Points dropped/));
  await userEvent.type(screen.getByLabelText(/Points dropped/), "2.5");
  expect(screen.getByText("Must be a whole number.")).toBeTruthy();
  expect(screen.getByLabelText(/Points dropped/).getAttribute("aria-invalid")).toBe("true");
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  expect(command).not.toHaveBeenCalled();
  expect(view.previewSettings).toBeNull();
});

test("a change is previewed while it is typed, applied once, and its progress is shown", async () => {
  const command = await inspector("Settings");
  await userEvent.clear(screen.getByLabelText(/Points dropped/));
  await userEvent.type(screen.getByLabelText(/Points dropped/), "3");
  expect(view.previewSettings?.peak.trim_points).toBe(3);
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  expect(command).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ command: "revise_settings", session: LIVE, seen_revision: 1 }),
  );
  expect(view.previewSettings).toBeNull();
  expect(await screen.findByRole("progressbar", { name: "Measuring all sweeps anew" })).toBeTruthy();
  expect(await screen.findByText("Revision 2 is in force.", {}, { timeout: 5000 })).toBeTruthy();
}, 10_000);

test("discarding brings back what was there", async () => {
  await inspector("Settings");
  await userEvent.selectOptions(screen.getByLabelText("Method"), "SACMES_Web");
  await userEvent.click(screen.getByRole("button", { name: "Discard" }));
  expect((screen.getByLabelText("Method") as HTMLSelectElement).value).toBe("tangent");
});

test("going back to a revision puts its settings in force as a new one", async () => {
  const command = await inspector("Revisions");
  const settings = { ...view.settings!, electrodes: { selected: [1, 2], average: false } };
  await view.command({ command: "revise_settings", session: LIVE, seen_revision: 1, settings });
  expect(await screen.findByText("Electrodes / Electrodes: automatic → 1, 2")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Go back to it" }));
  await waitFor(() => expect(view.summary?.revision).toBe(3));
  expect(command).toHaveBeenLastCalledWith(expect.objectContaining({ seen_revision: 2 }));
  expect(view.settings?.electrodes.selected).toEqual([]);
});

test("the list of files draws only what is in sight, and filters by state with the reason", async () => {
  await inspector("Files");
  const list = screen.getByRole("list", { name: "Files" });
  await waitFor(() => expect(within(list).getByText("SWV_15Hz_1.txt")).toBeTruthy());
  expect(within(list).getAllByRole("listitem").length).toBeLessThan(60);
  await userEvent.click(screen.getByRole("button", { name: "Not used" }));
  const skipped = await within(list).findAllByRole("button", {}, { timeout: 3000 });
  expect(skipped.length).toBeGreaterThan(0);
  expect(skipped.length).toBe(view.summary?.files_skipped);
  await userEvent.click(skipped[0] as HTMLElement);
  expect(screen.getByText("Why")).toBeTruthy();
});

test("a marker is added at the newest index, and removed", async () => {
  const command = await inspector("Markers");
  await userEvent.click(screen.getByRole("button", { name: "Add a marker" }));
  expect((screen.getByLabelText("At index") as HTMLInputElement).value).toBe(String(view.newestIndex));
  await userEvent.type(screen.getByLabelText("Text"), "100 µM ATP");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("100 µM ATP")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Remove 100 µM ATP" }));
  await waitFor(() => expect(screen.queryByText("100 µM ATP")).toBeNull());
  expect(command).toHaveBeenCalledTimes(2);
});

test("the tabs are reached with the arrow keys", async () => {
  await inspector("Settings");
  screen.getByRole("tab", { name: "Settings" }).focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(screen.getByRole("tab", { name: "Files" }).getAttribute("aria-selected")).toBe("true");
  expect(document.activeElement).toBe(screen.getByRole("tab", { name: "Files" }));
});
