import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Command } from "../../protocol/Command";
import { appOver, mountIn } from "../../testing/mounted";
import ExportDialog from "./ExportDialog.svelte";
import { type FigureChoice, firstChoice, kindsOf, readFigure } from "./figures";
import { cellsOf, firstRows } from "./first-rows";
import { LAYOUTS, suggestedName, whyNotForm } from "./layouts";
import { readSelection } from "./selection";
import { svgElement } from "./svg-picture";
import { demoPlatform } from "../../platform/demo/platform";

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

test("the first rows of the selection are there before anything is written, with the layout's columns", async () => {
  const { commands } = await dialog();
  const rows = await screen.findByRole("region", { name: "First rows" });
  expect(within(rows).getAllByRole("columnheader").map(({ textContent }) => textContent)).toContain("peak_current_a");
  await userEvent.click(screen.getByLabelText("E3"));
  await waitFor(() => {
    const table = within(screen.getByRole("region", { name: "First rows" }));
    const at = table.getAllByRole("columnheader").findIndex(({ textContent }) => textContent === "electrode");
    const cells = table.getAllByRole("row").slice(1).map((row) => within(row).getAllByRole("cell")[at]?.textContent);
    expect(new Set(cells)).toEqual(new Set(["3"]));
  });
  await userEvent.click(screen.getByLabelText(/Trends \(CSV\)/));
  expect(await within(screen.getByRole("region", { name: "Preview" })).findByRole("columnheader", { name: "kdm" })).toBeTruthy();
  // A trend is of two frequencies together.
  expect(screen.queryByRole("group", { name: "Frequencies" })).toBeNull();
  expect(commands).toEqual([]);
});

test("a figure is shown as it will be, and written as it was chosen", async () => {
  const { commands } = await dialog();
  await userEvent.click(screen.getByLabelText(/^Figure/));
  expect(await screen.findByRole("img", { name: "The figure as it will be" })).toBeTruthy();
  await userEvent.selectOptions(screen.getByLabelText("Shows"), "Trends");
  await userEvent.selectOptions(screen.getByLabelText("Numbers"), "Peak potential");
  await userEvent.selectOptions(screen.getByLabelText("Over the electrodes"), "Mean ± standard error");
  await userEvent.selectOptions(screen.getByLabelText("Format"), "PNG, for slides");
  await userEvent.clear(screen.getByLabelText(/^Resolution/));
  await userEvent.type(screen.getByLabelText(/^Resolution/), "12");
  expect(screen.getByRole("button", { name: "Export", description: "A PNG has 72 to 1200 dots per inch." })).toBeTruthy();
  await userEvent.type(screen.getByLabelText(/^Resolution/), "0");
  await userEvent.type(screen.getByLabelText("Title"), "Run 7");
  await userEvent.click(screen.getByRole("button", { name: "Choose…" }));
  await userEvent.click(screen.getByRole("button", { name: "Export" }));
  expect(commands).toMatchObject([
    {
      command: "export_figure",
      destination: "/home/ada/ATP titration, 4 electrodes.png",
      figure: { kind: "trends", quantity: "peak_potential", mean: "standard_error", format: "png", dpi: 120, title: "Run 7", width_mm: 85 },
    },
  ]);
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

const choice = (change: Partial<FigureChoice> = {}): FigureChoice => ({ ...firstChoice("swv", true, null), ...change });
const NOTHING_SELECTED = { electrodes: [], frequencies_hz: [], first_index: 0, last_index: 0 };

test("a figure is read with what its kind has, and nothing else", () => {
  expect(readFigure(choice({ kind: "sweep", quantity: "kdm", mean: "standard_error", measurements: [7] }), NOTHING_SELECTED)).toMatchObject({
    value: { kind: "sweep", quantity: null, mean: "off", reverse_potential: true, measurements: [7] },
  });
  expect(readFigure(choice({ kind: "trends", measurements: [7] }), NOTHING_SELECTED)).toMatchObject({ value: { reverse_potential: false, measurements: [] } });
  expect(readFigure(choice({ width: "49" }), NOTHING_SELECTED)).toHaveProperty("error");
  expect(readFigure(choice({ width: "101,5" }), NOTHING_SELECTED)).toMatchObject({ value: { width_mm: 101.5 } });
  expect(readFigure(choice({ title: "x".repeat(201) }), NOTHING_SELECTED)).toHaveProperty("error");
  expect(readFigure(choice({ kind: "comparison" }), NOTHING_SELECTED)).toHaveProperty("error");
});

test("every technique has figures, and says which files it has not", () => {
  for (const technique of ["swv", "frequency_map", "cv", "ca"] as const) expect(kindsOf(technique).length).toBeGreaterThan(0);
  expect(LAYOUTS.filter(({ value }) => whyNotForm(value, "ca")).map(({ value }) => value)).toEqual(["trends", "sacmes-web"]);
  expect(LAYOUTS.every(({ value }) => whyNotForm(value, "swv") === null)).toBe(true);
});

test("every layout has a preview", async () => {
  const platform = demoPlatform("?scene=still");
  const { sessions } = await platform.query({ query: "sessions" });
  for (const { value } of LAYOUTS) {
    const shown = await firstRows(platform, sessions[0]?.session ?? "", value, NOTHING_SELECTED);
    if ("text" in shown) {
      expect(shown.text, value).not.toBe("");
    } else {
      expect(shown.columns.length, value).toBeGreaterThan(0);
      expect(shown.rows.length, value).toBeGreaterThan(0);
      expect(shown.rows.every((cells) => cells.length === shown.columns.length), value).toBe(true);
    }
  }
});

test.each([
  ["a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]],
  ['"a, ""b""",\r\n', [['a, "b"', ""]]],
  ['"two\r\nlines",x\n,\n', [["two\r\nlines", "x"], ["", ""]]],
  ["cut,of", [["cut", "of"]]],
  ["", []],
])("%j is read as %j", (csv, cells) => {
  expect(cellsOf(csv)).toEqual(cells);
});

test("a drawn figure is shapes and texts only", () => {
  const drawn = svgElement(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" onload="x()"><style>a{}</style><script>x()</script>
    <a href="x"><rect/></a><image href="https://example.org/x.png"/><g style="fill:red" fill="url(https://example.org)" clip-path="url(#c1)"><text x="1">Ångström &lt;</text></g></svg>`);
  expect(drawn?.outerHTML.replace(/\s+/g, " ")).toBe(
    '<svg viewBox="0 0 1 1"> <g clip-path="url(#c1)"><text x="1">Ångström &lt;</text></g></svg>',
  );
  expect(svgElement("no picture")).toBeNull();
});
