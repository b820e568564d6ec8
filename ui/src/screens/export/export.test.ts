import { screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Command } from "../../protocol/Command";
import { appOver, mountIn } from "../../testing/mounted";
import ExportDialog from "./ExportDialog.svelte";
import { suggestedName } from "./layouts";
import { readSelection } from "./selection";

async function dialog(): Promise<{ commands: Command[]; reveal: ReturnType<typeof vi.fn> }> {
  const commands: Command[] = [];
  const reveal = vi.fn().mockResolvedValue(undefined);
  const app = appOver("scene=still", (demo) => ({
    reveal,
    command: (command) => {
      commands.push(command);
      return demo.command(command);
    },
  }));
  await vi.waitFor(() => expect(app.sessions.sessions).not.toBeNull());
  const summary = app.sessions.sessions?.[0];
  if (!summary) throw new Error("the demo has no session");
  mountIn(app, ExportDialog, { summary, electrodes: [1, 2, 3, 4], frequencies_hz: [15, 60, 200], onclose: () => {} });
  return { commands, reveal };
}

test("a selection is written with progress, and its folder opens", async () => {
  const { commands, reveal } = await dialog();
  await userEvent.click(screen.getByLabelText(/JSON Lines/));
  await userEvent.click(screen.getByLabelText("E2"));
  await userEvent.type(screen.getByLabelText(/Index from/), "10");
  await userEvent.click(screen.getByRole("button", { name: "Choose…" }));
  await userEvent.click(screen.getByRole("button", { name: "Export" }));
  expect(commands).toMatchObject([
    {
      command: "export",
      layout: "jsonl",
      destination: "/home/ada/ATP titration, 4 electrodes.jsonl",
      selection: { electrodes: [2], frequencies_hz: [], first_index: 10, last_index: 0 },
    },
  ]);
  expect(await screen.findByRole("progressbar", { name: "Export" })).toBeTruthy();
  await userEvent.click(await screen.findByRole("button", { name: "Show in folder" }));
  expect(reveal).toHaveBeenCalledWith("/home/ada/ATP titration, 4 electrodes.jsonl");
  // What is typed now is not what was written.
  await userEvent.type(screen.getByLabelText("File"), ".bak");
  expect(screen.getByText("/home/ada/ATP titration, 4 electrodes.jsonl")).toBeTruthy();
});

test("a running export is cancelled, and nothing is left behind", async () => {
  const { commands } = await dialog();
  await userEvent.type(screen.getByLabelText("File"), "/tmp/x.csv");
  await userEvent.click(screen.getByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("button", { name: "Cancel the export" }));
  await waitFor(() => expect(screen.getByText("Cancelled; nothing was left behind.")).toBeTruthy());
  expect(commands.map(({ command }) => command)).toEqual(["export", "cancel"]);
});

test("without a destination nothing is asked for", async () => {
  const { commands } = await dialog();
  await userEvent.click(screen.getByRole("button", { name: "Export", description: "Choose where to write first." }));
  expect(commands).toEqual([]);
});

test.each([
  ["", "", { first_index: 0, last_index: 0 }],
  ["3", "9", { first_index: 3, last_index: 9 }],
])("indices %j to %j are a selection", (first, last, indices) => {
  expect(readSelection([], [], first, last)).toEqual({ value: { electrodes: [], frequencies_hz: [], ...indices } });
});

test.each([["0", ""], ["1.5", ""], ["x", ""], ["9", "3"]])("indices %j to %j are refused", (first, last) => {
  expect(readSelection([], [], first, last)).toHaveProperty("error");
});

test.each([
  ["a/b: c?", "a_b_ c_.csv"],
  ["  ", "session.csv"],
  ["run 7. ", "run 7.csv"],
  ["Messung µA", "Messung µA.csv"],
])("the file name for %j is %j", (name, file) => {
  expect(suggestedName(name, "csv")).toBe(file);
});
