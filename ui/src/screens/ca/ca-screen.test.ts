import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import type { Platform } from "../../platform/platform";
import type { Command } from "../../protocol/Command";
import { mounted } from "../../testing/mounted";
import PartBench from "../sweeps/bench/PartBench.svelte";

const SESSION = "5e551000-0000-4000-8000-000000000001";

function open(scene = "scene=ca") {
  const commands: Command[] = [];
  mounted(PartBench, { session: SESSION }, scene, (demo: Platform) => ({
    command: (command) => {
      commands.push(command);
      return demo.command(command);
    },
  }));
  return { commands, user: userEvent.setup() };
}

const plot = (name: RegExp) => screen.findByLabelText(name, { selector: "[role=slider]" });

beforeEach(() => localStorage.clear());

describe("a session of chronoamperometry", () => {
  it("shows the newest decay with fit, residuals, numbers and their errors", async () => {
    open();
    const card = await screen.findByRole("article", { name: "Decay of E1" });
    expect(await within(card).findByText("Good")).toBeTruthy();
    expect(within(card).getAllByText(/^± .*[µm]s$/).length).toBeGreaterThan(1);
    expect(within(card).getByText(/600 points/)).toBeTruthy();
    expect(await plot(/^Decay CA_60\.txt · rev\. 1: 2 traces/)).toBeTruthy();
    expect(await plot(/^Residual: 1 trace/)).toBeTruthy();
    expect(await plot(/^Lifetime τ₁: 3 traces up to file 60/)).toBeTruthy();
    expect(await plot(/^Lifetime τ₂: 3 traces/)).toBeTruthy();
  });

  it("has logarithmic axes, read in the numbers themselves", async () => {
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: "Log–log" }));
    expect(await plot(/^Decay, magnitude .*up to 120\.0.ms\. Newest: Measured \d/)).toBeTruthy();
  });

  it("shows another step, here and in the trends", async () => {
    const { user } = open();
    await user.click(within(await screen.findByRole("group", { name: "Step" })).getByRole("button", { name: "2" }));
    expect(await plot(/^Amplitude A₁: 3 traces .* E1 \u2212/)).toBeTruthy();
  });

  it("measures all decays with another model", async () => {
    const { commands, user } = open();
    await user.selectOptions(await screen.findByLabelText("Model"), "mono");
    await waitFor(() => expect(commands[0]).toMatchObject({ command: "revise_settings", settings: { ca: { model: "mono" } } }));
    expect(await screen.findByText(/The residuals follow a curve/)).toBeTruthy();
    expect(await plot(/^Lifetime τ: 3 traces/)).toBeTruthy();
  });

  it("leaves everything to look at to who only looks", async () => {
    open("scene=ca&follow=view_only");
    expect((await screen.findByLabelText<HTMLSelectElement>("Model")).title).toMatch(/view-only/);
    expect((await screen.findByRole("button", { name: "Exclude" })).title).toMatch(/view-only/);
  });
});
