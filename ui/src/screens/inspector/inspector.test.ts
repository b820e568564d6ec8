import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import type { Mock } from "vitest";
import { afterEach, expect, test, vi } from "vitest";

import type { App } from "../../app/app.svelte";
import type { AnswerTo } from "../../platform/platform";
import type { Answer } from "../../protocol/Answer";
import type { Command } from "../../protocol/Command";
import type { FileEntry } from "../../protocol/FileEntry";
import type { Query } from "../../protocol/Query";
import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import Inspector from "./Inspector.svelte";

const LIVE = "5e551000-0000-4000-8000-000000000004";
let view: SessionView;
let app: App;
/** Changes what the host tells of files. */
let files: (entries: FileEntry[]) => FileEntry[];

afterEach(() => view.close());

async function inspector(tab: string): Promise<Mock> {
  const command = vi.fn();
  files = (entries) => entries;
  app = appOver("scene=still", (demo) => ({
    query: async <Q extends Query>(query: Q) => {
      const answer: Answer = await demo.query(query);
      if (answer.answer === "files") {
        const changed = files(answer.files);
        if (changed !== answer.files) Object.assign(answer, { files: changed, total: changed.length });
      }
      return answer as AnswerTo<Q["query"]>;
    },
    command: (asked: Command) => {
      command(asked);
      return demo.command(asked);
    },
  }));
  // The view knows its session before the inspector shows it, as on the session's screen.
  view = new SessionView(app.platform, app.hub, LIVE);
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
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

test("a dragged value is previewed, applied when it is let go, and undone by going back", async () => {
  const command = await inspector("Settings");
  const slider = screen.getByRole("slider", { name: "Trim by dragging" });
  await fireEvent.input(slider, { target: { value: "4" } });
  await waitFor(() => expect(view.previewSettings?.peak.trim_points).toBe(4));
  await fireEvent.input(slider, { target: { value: "9" } });
  await waitFor(() => expect(view.previewSettings?.peak.trim_points).toBe(9));
  expect(command).not.toHaveBeenCalled();
  await fireEvent.change(slider);
  await waitFor(() => expect(view.settings?.peak.trim_points).toBe(9));
  expect(command).toHaveBeenCalledOnce();
  const before = view.detail?.revisions[0]?.settings.peak.trim_points;
  await userEvent.click(await screen.findByRole("button", { name: "Undo: as in revision 1" }));
  await waitFor(() => expect(view.settings?.peak.trim_points).toBe(before));
  expect(view.summary?.revision).toBe(3);
});

test("a dragged value does not take along what is typed elsewhere", async () => {
  const command = await inspector("Settings");
  await userEvent.selectOptions(screen.getByLabelText("Method"), "SACMES_Web");
  const slider = screen.getByRole("slider", { name: "Trim by dragging" });
  await fireEvent.input(slider, { target: { value: "9" } });
  await fireEvent.change(slider);
  expect(command).not.toHaveBeenCalled();
  expect(screen.getByRole("button", { name: "Apply" })).toBeTruthy();
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
  expect(await screen.findByText("Revision 2 is in force.")).toBeTruthy();
});

test("a change of trends alone is in force at once, without progress", async () => {
  await inspector("Settings");
  await userEvent.clear(screen.getByLabelText(/Normalise to index/));
  await userEvent.type(screen.getByLabelText(/Normalise to index/), "5");
  expect(screen.getByText(/computes all trends anew/)).toBeTruthy();
  const columns = vi.spyOn(app.platform, "columns");
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  expect(await screen.findByText("Revision 2 is in force.")).toBeTruthy();
  expect(app.operations.progress.size).toBe(0);
  // The session is read anew after that, and it stays in force.
  const before = view.seriesVersion;
  await vi.waitFor(() => expect(columns).toHaveBeenCalledWith(expect.objectContaining({ query: "series" })), 4000);
  await vi.waitFor(() => expect(view.seriesVersion).toBeGreaterThan(before), 4000);
  expect(view.recomputedRevision).toBe(2);
  expect(screen.getByText("Revision 2 is in force.")).toBeTruthy();
});

test("what was typed stays while another tab is looked at, and the tab says so", async () => {
  await inspector("Settings");
  await userEvent.clear(screen.getByLabelText(/Points dropped/));
  await userEvent.type(screen.getByLabelText(/Points dropped/), "3");
  await userEvent.click(screen.getByRole("tab", { name: "Markers" }));
  expect(view.previewSettings?.peak.trim_points).toBe(3);
  await userEvent.click(screen.getByRole("tab", { name: /Settings.*changed/ }));
  expect((screen.getByLabelText(/Points dropped/) as HTMLInputElement).value).toBe("3");
  expect(screen.getByRole("button", { name: "Apply" })).toBeTruthy();
});

test("how a change of settings ended is told where nobody watches it", async () => {
  await inspector("Settings");
  await userEvent.clear(screen.getByLabelText(/Points dropped/));
  await userEvent.type(screen.getByLabelText(/Points dropped/), "3");
  await userEvent.click(screen.getByRole("button", { name: "Apply" }));
  await screen.findByRole("progressbar", { name: "Measuring all sweeps anew" });
  await userEvent.click(screen.getByRole("tab", { name: "Markers" }));
  await waitFor(() => expect(app.notices.list).toHaveLength(1));
  expect(app.notices.list[0]?.message).toContain("was measured anew with settings revision 2");
});

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
  expect(screen.getByText(/, at the recording computer$/)).toBeTruthy();
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
  const skipped = await within(list).findAllByRole("button");
  expect(skipped.length).toBeGreaterThan(0);
  expect(skipped.length).toBe(view.summary?.files_skipped);
  await userEvent.click(skipped[0] as HTMLElement);
  expect(screen.getByText("Why")).toBeTruthy();
});

test.each(["All", "Being written"])("the chosen file, under %s, is as it is now and not as it was when it was chosen", async (filter) => {
  await inspector("Files");
  const { files: written } = await app.platform.query({ query: "files", session: LIVE, states: ["partial"], offset: 0, limit: 1 });
  files = () => written;
  await userEvent.click(screen.getByRole("button", { name: filter }));
  const list = screen.getByRole("list", { name: "Files" });
  await waitFor(() => expect(within(list).getAllByRole("button")).toHaveLength(1));
  await userEvent.click((await within(list).findAllByRole("button"))[0] as HTMLElement);
  const detail = () => document.querySelector("dl[aria-label='The chosen file']")?.textContent ?? "";
  await waitFor(() => expect(detail()).toContain("Being written"));
  files = () => (filter === "All" ? written.map((entry) => ({ ...entry, state: "measured" as const, reason: null })) : []);
  view.filesVersion += 1;
  await waitFor(() => expect(detail()).toContain(filter === "All" ? "Measured" : "No longer “Being written”"));
});

test("a marker is added at the newest index, and removed", async () => {
  const command = await inspector("Markers");
  await userEvent.click(screen.getByRole("button", { name: "Add a marker" }));
  expect((screen.getByLabelText("At file") as HTMLInputElement).value).toBe(String(view.newestIndex));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText(/^Say what happened here/)).toBeTruthy();
  expect(command).not.toHaveBeenCalled();
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
