import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Command } from "../../protocol/Command";
import { SessionView } from "../../session/session-view.svelte";
import { measurement } from "../../testing/measurement";
import { appOver, mountIn } from "../../testing/mounted";
import { partWords, pointNumbers } from "./point-numbers";
import PointPanel from "./PointPanel.svelte";

async function open(scene: string, name: RegExp) {
  const command = vi.fn<(asked: Command) => void>();
  const app = appOver(scene, (demo) => ({
    command: (asked: Command) => {
      command(asked);
      return demo.command(asked);
    },
  }));
  await waitFor(() => expect(app.sessions.sessions).not.toBeNull());
  const view = new SessionView(app.platform, app.hub, app.sessions.sessions?.find((one) => name.test(one.name))?.session ?? "");
  await waitFor(() => expect(view.phase).toBe("ready"));
  mountIn(app, PointPanel, { view });
  return { view, command };
}

const part = (name: string) => within(screen.getByRole("region", { name }));
const plain = (text: string | null): string => (text ?? "").replaceAll("\u202f", " ");

test("a point tells its place, its numbers, its file and the settings that gave them", async () => {
  const { view, command } = await open("scene=still", /^ATP/);
  expect(screen.getByText(/^Click a point in a plot/)).toBeTruthy();
  view.selectedMeasurement = view.series(2, 15)?.row(3)?.measurement ?? null;
  expect(await screen.findByRole("heading", { name: /^E2 · 15.Hz, file 4$/ })).toBeTruthy();
  expect(plain(part("The point").getByText("Peak current").parentElement?.textContent ?? "")).toMatch(/Peak current ?\d+\.\d+ nA/);
  expect(part("Its file").getByText(/SWV_15Hz_4\.txt/)).toBeTruthy();
  expect(part("Its settings").getByText(/Revision 1, in force/)).toBeTruthy();
  expect(part("Its settings").getByText("Every setting is as it is by default.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Exclude" }));
  expect(command).toHaveBeenCalledWith({ command: "exclude", session: view.id, measurements: [view.selectedMeasurement], excluded: true });
  expect(await screen.findByText("Excluded by hand")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Let go of it" }));
  expect(screen.getByText(/^Click a point in a plot/)).toBeTruthy();
});

test("a segment of a voltammogram has the numbers of its pair and its own settings", async () => {
  const { view } = await open("scene=cv", /^Methylene/);
  view.selectedMeasurement = [...view.allSeries()].find(({ electrode }) => electrode === 1)?.row(0)?.measurement ?? null;
  expect(await screen.findByText(/^Segment \d, cycle 1, (forward|reverse), (anodic|cathodic)$/)).toBeTruthy();
  expect(part("The point").getByText("Peak separation")).toBeTruthy();
  expect(part("Its settings").getByText("Cyclic voltammetry / Probes: -0.35, -0.1 V")).toBeTruthy();
});

test("what was not found is a dash, what does not apply is not there, and errors stand beside their numbers", () => {
  const failed = pointNumbers(measurement({ peak_current_a: null, charge_c: null, peak_potential_v: -0.262, peak_potential_error_v: 0.0004 }));
  const textOf = (name: string) => plain(failed.find((one) => one.name === name)?.text ?? null);
  expect(textOf("Peak current")).toBe("–");
  expect(textOf("Peak potential")).toBe("−262.0 mV ± 0.40 mV");
  expect(failed.some(({ name }) => name === "Scan rate")).toBe(false);
  const decay = pointNumbers({ ...measurement(), tau1_s: 0.002, tau1_error_s: 1e-5, r_squared: 0.9991 });
  expect(decay.map(({ name }) => name)).toEqual(["Lifetime τ₁", "R² of the fit", "Signal to noise"]);
  expect(partWords({ ...measurement(), step: 2 })).toBe("step 2");
});
