import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { CV_FOLDER, DEMO_FOLDER, previewFolder, UNKNOWN_FOLDER } from "../../platform/demo/folders";
import { demoLot } from "../../platform/demo/sources";
import type { Command } from "../../protocol/Command";
import { copySettings, defaultSettings } from "../../settings/defaults";
import { mounted } from "../../testing/mounted";
import { coverageTable } from "./finder.svelte";
import NewSessionScreen from "./NewSessionScreen.svelte";

// Drawing is tested where the plots are; here its data and words count.
vi.mock("../../plot/SweepPlot.svelte", async () => await import("../../testing/NoPlot.svelte"));
vi.mock("./CurvePlot.svelte", async () => await import("../../testing/NoPlot.svelte"));

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

test("a table without known columns shows its beginning, and draws its sweep as soon as its columns are given", async () => {
  mounted(NewSessionScreen, watch(UNKNOWN_FOLDER));
  const mapper = await screen.findByRole("region", { name: "Where do the numbers stand?" });
  expect(screen.getByText(/no readable sweep yet/)).toBeTruthy();
  expect(within(mapper).getByRole("cell", { name: "-496.0" })).toBeTruthy();
  await userEvent.selectOptions(within(mapper).getByLabelText("What column 2 holds"), "Potential");
  await userEvent.selectOptions(within(mapper).getByLabelText("What column 4 holds"), "Current");
  expect(within(mapper).getByLabelText<HTMLInputElement>("Column of the potential").value).toBe("2");
  expect(await screen.findByText(/^Peak .* nA at/u)).toBeTruthy();
  // Given to another column, it is not used where it was.
  await userEvent.selectOptions(within(mapper).getByLabelText("What column 3 holds"), "Potential");
  expect(within(mapper).getByLabelText<HTMLSelectElement>("What column 2 holds").value).toBe("");
});

test("a file that is still being written is drawn with the reason why it is not measured", async () => {
  mounted(NewSessionScreen, watch(DEMO_FOLDER));
  await userEvent.selectOptions(await screen.findByLabelText("File"), "ATP_200Hz_148.txt");
  const sweep = screen.getByRole("region", { name: "First sweep" });
  expect(await within(sweep).findByText("68 of 121 points are there; it is read when it is complete.")).toBeTruthy();
  await userEvent.selectOptions(screen.getByLabelText("File"), "ATP_60Hz_74.txt");
  expect(await within(sweep).findByText(/^Peak /)).toBeTruthy();
});

test("the technique is proposed from what the files hold, and another one can be chosen", async () => {
  const { commands, change } = asked();
  mounted(NewSessionScreen, watch(CV_FOLDER), "scene=still", change);
  const technique = await screen.findByLabelText<HTMLSelectElement>("Measured as");
  await waitFor(() => expect(technique.value).toBe("cv"));
  expect(screen.getByText("As the files say.")).toBeTruthy();
  await userEvent.selectOptions(technique, "Chronoamperometry");
  expect(screen.getByText("The files look like cyclic voltammetry.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(commands).toHaveLength(1));
  expect(commands[0]).toMatchObject({ settings: { technique: "ca" } });
});

test("files of several techniques are a session each, and what could not be opened is listed", async () => {
  const { commands, change } = asked();
  const lot = demoLot([DEMO_FOLDER, `${CV_FOLDER}/CV_1.txt`, "/home/ada/photo.jpg"]);
  const { app } = mounted(NewSessionScreen, { door: "open" as const, initialFolder: DEMO_FOLDER, initialFiles: [], lot }, "scene=still", change);
  expect(await screen.findByRole("heading", { name: "2 sessions to start" })).toBeTruthy();
  expect(screen.getByRole("region", { name: "Not opened" }).textContent).toContain("photo.jpg");
  await userEvent.click(screen.getByRole("button", { name: /^CV_1\.txt/ }));
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("CV_1.txt");
  await waitFor(() => expect(screen.getByRole("button", { name: "Start 2 sessions" }).getAttribute("aria-disabled")).toBeNull());
  await userEvent.click(screen.getByRole("button", { name: "Start 2 sessions" }));
  await waitFor(() => expect(app.route.screen).toBe("session"));
  expect(commands.map((command) => command.command === "start_session" && [command.settings.technique, command.temporary])).toEqual([
    ["swv", true],
    ["cv", true],
  ]);
});

test("several folders are watched at once, one can be left out again, and watched ones are kept", async () => {
  const { commands, change } = asked();
  mounted(NewSessionScreen, watch(CV_FOLDER), "scene=still", change);
  await userEvent.click(await screen.findByRole("button", { name: "Watch another folder, too" }));
  expect(await screen.findByRole("heading", { name: "2 sessions to start" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: /^Leave out 2025-06-11 CV/ }));
  expect(screen.queryByRole("heading", { name: /to start/ })).toBeNull();
  await screen.findByRole("region", { name: "What was found" });
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(commands).toHaveLength(1));
  expect(commands[0]).toMatchObject({ source: { kind: "watched_folder", folder: DEMO_FOLDER } });
  expect(commands[0]).not.toHaveProperty("temporary");
});

test("a folder that is dropped while folders are chosen is watched, too; a file is opened on its own", async () => {
  const { app } = mounted(NewSessionScreen, watch(DEMO_FOLDER));
  await screen.findByRole("region", { name: "What was found" });
  expect(app.arrivals.taker?.(demoLot([`${CV_FOLDER}/CV_1.txt`]))).toBe(false);
  expect(app.arrivals.taker?.(demoLot([CV_FOLDER]))).toBe(true);
  expect(await screen.findByRole("heading", { name: "2 sessions to start" })).toBeTruthy();
});

test("what is opened can be kept from the beginning, and the limits are told", async () => {
  const { commands, change } = asked();
  mounted(NewSessionScreen, { door: "open" as const, initialFolder: DEMO_FOLDER, initialFiles: [] }, "scene=still", change);
  const keeping = await screen.findByRole("region", { name: "How long it is kept" });
  await waitFor(() => expect(keeping.textContent).toContain("50,000 files"));
  await userEvent.click(within(keeping).getByRole("checkbox", { name: /^Temporary: deleted 1 day after/ }));
  await screen.findByRole("region", { name: "What was found" });
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(commands).toHaveLength(1));
  expect(commands[0]).not.toHaveProperty("temporary");
});

test("chosen files are imported, not the whole folder", async () => {
  const { commands, change } = asked();
  const files = ["ATP_15Hz_1.txt", "ATP_60Hz_1.txt"];
  mounted(NewSessionScreen, { door: "open" as const, initialFolder: DEMO_FOLDER, initialFiles: files }, "scene=still", change);
  await screen.findByRole("region", { name: "What was found" });
  await userEvent.click(screen.getByRole("button", { name: "Start" }));
  await waitFor(() => expect(commands).toHaveLength(1));
  expect(commands[0]).toMatchObject({ source: { kind: "imported_files", folder: DEMO_FOLDER, files }, temporary: true });
});

test("of chosen files only those are shown, and not what else is in the folder", async () => {
  const files = ["ATP_15Hz_1.txt", "ATP_60Hz_1.txt"];
  mounted(NewSessionScreen, { door: "open" as const, initialFolder: DEMO_FOLDER, initialFiles: files });
  const found = await screen.findByRole("region", { name: "What was found" });
  expect(found.textContent).toContain("2 files chosen");
  expect(found.textContent).not.toContain("446");
  expect(found.textContent).not.toContain("notes.docx");
  expect(found.textContent).toMatch(/15\sHz/u);
  const offered = [...(await screen.findByLabelText<HTMLSelectElement>("File")).options].map(({ value }) => value);
  expect(offered).toEqual(files);
  expect(await screen.findByText("Files of each electrode and frequency")).toBeTruthy();
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

test("the first file of each technique is drawn with its analysis", async () => {
  mounted(NewSessionScreen, watch(CV_FOLDER));
  expect(await screen.findByText(/^First peak 420\.0.nA at .*, peaks 20\.00.mV apart$/u)).toBeTruthy();
  await userEvent.selectOptions(screen.getByLabelText("Measured as"), "Chronoamperometry");
  expect(await screen.findByText(/^Time constant 31\.00.ms$/u)).toBeTruthy();
});
