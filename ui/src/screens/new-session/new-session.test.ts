import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { CV_FOLDER, DEMO_FOLDER, previewFolder, UNKNOWN_FOLDER } from "../../platform/demo/folders";
import type { Command } from "../../protocol/Command";
import { copySettings, defaultSettings } from "../../settings/defaults";
import { mounted } from "../../testing/mounted";
import { coverageTable } from "./finder.svelte";
import NewSessionScreen from "./NewSessionScreen.svelte";

// Drawing is tested where the plots are; here its data and words count.
vi.mock("../../plot/SweepPlot.svelte", async () => await import("../../testing/NoPlot.svelte"));

const watch = (initialFolder: string) => ({ door: "watch" as const, initialFolder, initialFiles: [] });

function asked(): { commands: Command[]; change: Parameters<typeof mounted>[3] } {
  const commands: Command[] = [];
  return {
    commands,
    change: (demo) => ({
      command: (command) => {
        commands.push(command);
        return demo.command(command);
      },
    }),
  };
}

test("what was found is shown at once, with what was not understood, and Start is one click", async () => {
  const { commands, change } = asked();
  const { app } = mounted(NewSessionScreen, watch(DEMO_FOLDER), "scene=still", change);
  const found = await screen.findByRole("region", { name: "What was found" });
  expect(found.textContent).toContain("444 files of 446 in the folder");
  expect(found.textContent).toContain("CH Instruments text (CHI1040C)");
  expect(within(found).getByRole("region", { name: "Not understood" }).textContent).toContain("notes.docx");
  expect(within(found).getByRole("region", { name: "Still being written" }).textContent).toContain("68 of 121 points");
  expect(await screen.findByText(/^Peak 6\d\.\d+\s?nA at/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(app.route.screen).toBe("session"));
  expect(commands).toEqual([
    {
      command: "start_session",
      name: "2025-06-12 ATP titration",
      source: { kind: "watched_folder", folder: DEMO_FOLDER },
      settings: defaultSettings(),
    },
  ]);
});

test("a folder that is not there is told with what to do, and cannot be started", async () => {
  const { commands, change } = asked();
  mounted(NewSessionScreen, watch("/nowhere"), "scene=still", change);
  expect(await screen.findByText(/There is no folder at this path/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  expect(commands).toEqual([]);
  await userEvent.clear(screen.getByLabelText("Folder"));
  await userEvent.type(screen.getByLabelText("Folder"), DEMO_FOLDER);
  expect(await screen.findByRole("region", { name: "What was found" })).toBeTruthy();
});

test("a table without known columns asks for them, and draws its sweep as soon as they are given", async () => {
  mounted(NewSessionScreen, watch(UNKNOWN_FOLDER));
  expect(await screen.findByRole("heading", { name: "Where do the numbers stand?" })).toBeTruthy();
  expect(screen.getByText(/no readable sweep yet/)).toBeTruthy();
  const mapper = screen.getByRole("region", { name: "Where do the numbers stand?" });
  await userEvent.type(within(mapper).getByLabelText("Column of the potential"), "2");
  await userEvent.type(within(mapper).getByLabelText("Column of the first current"), "4");
  expect(await screen.findByText(/^Peak .* nA at/u)).toBeTruthy();
});

test("a file that is still being written is drawn with the reason why it is not measured", async () => {
  mounted(NewSessionScreen, watch(DEMO_FOLDER));
  await userEvent.selectOptions(await screen.findByLabelText("File"), "ATP_200Hz_148.txt");
  const sweep = screen.getByRole("region", { name: "First sweep" });
  expect(await within(sweep).findByText("68 of 121 points are there; it is read when it is complete.")).toBeTruthy();
  await userEvent.selectOptions(screen.getByLabelText("File"), "ATP_60Hz_74.txt");
  expect(await within(sweep).findByText(/^Peak /)).toBeTruthy();
});

test("files of another technique are drawn, with the reason", async () => {
  mounted(NewSessionScreen, watch(CV_FOLDER));
  const sweep = await screen.findByRole("region", { name: "First sweep" });
  expect(await within(sweep).findByText(/holds a cyclic voltammogram/)).toBeTruthy();
});

test("chosen files are imported, not the whole folder", async () => {
  const { commands, change } = asked();
  const files = ["ATP_15Hz_1.txt", "ATP_60Hz_1.txt"];
  mounted(NewSessionScreen, { door: "open" as const, initialFolder: DEMO_FOLDER, initialFiles: files }, "scene=still", change);
  await screen.findByRole("region", { name: "What was found" });
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(commands).toHaveLength(1));
  expect(commands[0]).toMatchObject({ source: { kind: "imported_files", folder: DEMO_FOLDER, files } });
});

test("of chosen files only those are shown, and not what else is in the folder", async () => {
  const files = ["ATP_15Hz_1.txt", "ATP_60Hz_1.txt"];
  mounted(NewSessionScreen, { door: "open" as const, initialFolder: DEMO_FOLDER, initialFiles: files });
  const found = await screen.findByRole("region", { name: "What was found" });
  expect(found.textContent).toContain("2 files chosen");
  expect(found.textContent).not.toContain("446");
  expect(found.textContent).not.toContain("notes.docx");
  expect(found.textContent).toMatch(/Of the chosen files 1 was\s+looked into/);
  const offered = [...(await screen.findByLabelText<HTMLSelectElement>("File")).options].map(({ value }) => value);
  expect(offered).toEqual(files);
  expect(screen.queryByText("Files of each electrode and frequency")).toBeNull();
});

test("a path that is emptied ends the looking", async () => {
  mounted(NewSessionScreen, watch("/nowhere"));
  await screen.findByText(/There is no folder at this path/);
  await userEvent.clear(screen.getByLabelText("Folder"));
  expect(screen.queryByText("Looking into the folder…")).toBeNull();
  expect(screen.getByText(/^Choose the folder into/)).toBeTruthy();
});

test("coverage counts files with all electrodes for each, and shows what is awaited", () => {
  const settings = copySettings(defaultSettings());
  settings.files.frequencies_hz = [15, 500];
  settings.electrodes.selected = [1, 6];
  const table = coverageTable(previewFolder(DEMO_FOLDER, settings), settings);
  expect(table.frequencies_hz).toEqual([15, 60, 200, 500]);
  expect(table.rows.map(({ electrode }) => electrode)).toEqual([1, 2, 3, 4, 6]);
  expect(table.rows[0]?.files).toEqual([148, 148, 148, 0]);
});
