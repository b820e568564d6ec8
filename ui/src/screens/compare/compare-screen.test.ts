import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { App } from "../../app/app.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import CompareScreen from "./CompareScreen.svelte";

async function open(...names: string[]): Promise<App> {
  const app = appOver("scene=compare");
  await vi.waitFor(() => expect(app.sessions.sessions).not.toBeNull());
  const sessions = names.map((name) => app.sessions.sessions?.find((summary) => summary.name === name)?.session ?? "");
  app.go({ screen: "compare", sessions });
  mountIn(app, CompareScreen, {});
  return app;
}

const plot = (name: RegExp) => screen.findByLabelText(name, { selector: "[role=slider]" });

test("sessions are chosen from a list, of one technique, and drawn in the same plots", async () => {
  const app = await open();
  await userEvent.click(screen.getByRole("checkbox", { name: /^Chip 21, fresh/ }));
  const dialog = await screen.findByRole("dialog", { name: "Sessions to compare" });
  await userEvent.click(within(dialog).getByRole("checkbox", { name: /^Chip 22, no injection/ }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Done" }));
  expect(app.route).toMatchObject({ screen: "compare", sessions: [expect.any(String), expect.any(String)] });
  expect(await plot(/^Peak current: 2 traces up to file 150\. Newest: S1 · mean of 4 .* ± .*, S2 · mean of 2/)).toBeTruthy();
  const table = screen.getByRole("region", { name: "Values at the cursor" });
  expect(within(table).getAllByRole("rowheader").map(({ textContent }) => textContent?.trim())).toEqual(["S1 · mean of 4", "S2 · mean of 2"]);
});

test("from a marker of each; a session without one says so", async () => {
  await open("Chip 21, fresh", "Chip 22, no injection");
  await plot(/^Peak current: 2 traces/);
  await userEvent.selectOptions(screen.getByLabelText("Aligned"), "from a marker, in time");
  expect(await plot(/^Peak current: 1 trace up to .* after the marker/)).toBeTruthy();
  expect(screen.getByText(/^It has no marker, so it has no place here/)).toBeTruthy();
  const marker = screen.getByRole<HTMLSelectElement>("combobox", { name: "Marker of S1" });
  expect(within(marker).getByRole("option", { selected: true }).textContent).toMatch(/^1 µM target \(file 27/);
});

test("electrodes by themselves, plots put away, a session taken out", async () => {
  await open("Chip 21, fresh", "Chip 21, after a week in serum");
  await plot(/^Peak current: 2 traces/);
  await userEvent.click(screen.getAllByText("Mean ± SD of all 4 electrodes")[0]!);
  await userEvent.click(screen.getAllByLabelText("Mean ± SD as one line")[0]!);
  expect(await plot(/^Peak current: 5 traces/)).toBeTruthy();
  expect(screen.getByText("Colours tell electrodes, line styles sessions.")).toBeTruthy();
  await userEvent.click(within(screen.getByRole("group", { name: "Electrodes of S1" })).getByRole("button", { name: "E2" }));
  expect(await plot(/^Peak current: 4 traces/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Concentration" }));
  expect(await plot(/^Concentration: /)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "KDM" }));
  expect(screen.queryByLabelText(/^KDM: /)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Take S1 out of the comparison" }));
  expect(await plot(/^Peak current: 1 trace up to file 180/)).toBeTruthy();
});

test("a deleted session says so, and its lines stay", async () => {
  const app = await open("Chip 21, fresh", "Chip 22, no injection");
  await plot(/^Peak current: 2 traces/);
  const session = app.sessions.sessions?.find(({ name }) => name === "Chip 22, no injection")?.session ?? "";
  await app.platform.command({ command: "delete_session", session });
  expect(await screen.findByText(/^This session was deleted by its owner\./)).toBeTruthy();
  await waitFor(() => expect(screen.getByLabelText(/^Peak current: 2 traces/)).toBeTruthy());
});
