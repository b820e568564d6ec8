import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import type { Platform } from "../../platform/platform";
import type { Command } from "../../protocol/Command";
import { mounted } from "../../testing/mounted";
import PartBench from "../sweeps/bench/PartBench.svelte";
import { choices } from "./cv-choices";
import { HIDDEN_AT_FIRST } from "./cv-quantities";

const SESSION = "5e551000-0000-4000-8000-000000000001";

function open(scene = "scene=cv") {
  const commands: Command[] = [];
  mounted(PartBench, { session: SESSION }, scene, (demo: Platform) => ({
    command: (command) => {
      commands.push(command);
      return demo.command(command);
    },
  }));
  return { commands, user: userEvent.setup() };
}

const card = () => screen.findByRole("article", { name: "Voltammogram of E1" });
const plot = (name: RegExp) => screen.findByLabelText(name, { selector: "[role=slider]" });

beforeEach(() => {
  localStorage.clear();
  choices.set({ display: "overlaid", hidden: HIDDEN_AT_FIRST, along: null });
});

describe("a session of cyclic voltammetry", () => {
  it("shows both ways of the first cycle with their numbers, and those of the pair", async () => {
    open();
    const shown = await card();
    expect(await within(shown).findByText(/Forward, segment 1 · cathodic/)).toBeTruthy();
    expect(within(shown).getByText(/Reverse, segment 2 · anodic/)).toBeTruthy();
    expect(within(shown).getByText(/^100\smV\/s$/)).toBeTruthy();
    expect(await plot(/^Peak current, forward: 3 traces up to file 60/)).toBeTruthy();
    expect(await plot(/^Half-wave potential: 3 traces/)).toBeTruthy();
    expect(await plot(/^Peak separation: 3 traces/)).toBeTruthy();
  });

  it("follows the chosen cycle in the card and in the trends", async () => {
    const { user } = open();
    await user.click(within(await screen.findByRole("group", { name: "Cycle" })).getByRole("button", { name: "3" }));
    expect(await screen.findByText(/Forward, segment 5/)).toBeTruthy();
    expect(await plot(/^Peak current, reverse: 3 traces/)).toBeTruthy();
  });

  it("puts plots away and brings others", async () => {
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: "Charge" }));
    expect(await plot(/^Charge of the peak, forward: /)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Current" }));
    await waitFor(() => expect(screen.queryByLabelText(/^Peak current, forward: /)).toBeNull());
  });

  it("has the currents at the probes along the series, for those who want them", async () => {
    const { user } = open();
    await user.click(await screen.findByRole("button", { name: "Probes" }));
    expect(await plot(/^At \u2212350\.0.mV, forward: 3 traces up to file 60, .* E1 \u2212\d/)).toBeTruthy();
    expect(await plot(/^At \u2212100\.0.mV, reverse: 3 traces/)).toBeTruthy();
  });

  it("measures everything anew with a probe that was typed, added or taken away", async () => {
    const { commands, user } = open();
    const field = await screen.findByRole("textbox", { name: "Potential of probe 1, V" });
    await user.clear(field);
    await user.type(field, "-0,25");
    await user.tab();
    await waitFor(() => expect(commands).toHaveLength(1));
    expect(commands[0]).toMatchObject({ command: "revise_settings", seen_revision: 1, settings: { cv: { probes_v: [-0.25, -0.1] } } });
    await user.click(screen.getByRole("button", { name: "Remove probe 2" }));
    await waitFor(() => expect(commands[1]).toMatchObject({ seen_revision: 2, settings: { cv: { probes_v: [-0.25] } } }));
    await user.click(screen.getByRole("button", { name: "Add probe" }));
    await waitFor(() => expect(commands[2]).toMatchObject({ seen_revision: 3 }));
    expect((commands[2] as Extract<Command, { command: "revise_settings" }>).settings.cv.probes_v).toHaveLength(2);
    expect(await screen.findByText("Revision 4 is in force.")).toBeTruthy();
  });

  it("says what is wrong with a potential, and changes nothing", async () => {
    const { commands, user } = open();
    const field = await screen.findByRole("textbox", { name: "Potential of probe 1, V" });
    await user.clear(field);
    await user.type(field, "left");
    await user.tab();
    expect(await screen.findByText(/“left” is not a number/)).toBeTruthy();
    expect(commands).toEqual([]);
  });

  it("chooses the segments that are measured, for the whole session", async () => {
    const { commands, user } = open();
    await screen.findByRole("option", { name: "3 (cycle 2)" });
    await user.selectOptions(screen.getByLabelText("Forward segment"), "3");
    await waitFor(() => expect(commands[0]).toMatchObject({ settings: { cv: { forward_segment: 3 } } }));
    expect(await screen.findByText(/Forward, segment 3/)).toBeTruthy();
  });

  it("excludes a segment and takes it in again", async () => {
    const { commands, user } = open();
    await user.click(await screen.findByRole("button", { name: "Exclude segment 2" }));
    await waitFor(() => expect(commands[0]).toMatchObject({ command: "exclude", excluded: true }));
    await user.click(await screen.findByRole("button", { name: "Restore segment 2" }));
    await waitFor(() => expect(commands[1]).toMatchObject({ excluded: false }));
  });

  it("is the same for who only looks, with the reason on what changes", async () => {
    const { commands, user } = open("scene=cv&follow=view_only");
    const add = await screen.findByRole("button", { name: "Add probe" });
    expect(add.title).toMatch(/view-only/);
    await user.click(add);
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Potential of probe 1, V" }).readOnly).toBe(true);
    expect(screen.getByLabelText<HTMLSelectElement>("Forward segment").disabled).toBe(true);
    expect(commands).toEqual([]);
  });

  it("studies the scan rates of its files", async () => {
    const { user } = open("scene=cv_rates");
    await user.click(await screen.findByRole("button", { name: "Scan rates…" }));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText(/12 peaks at 4 scan rates/)).toBeTruthy();
    expect(within(dialog).getByText(/a couple bound to the surface/)).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "log i against log v" }));
    expect(await within(dialog).findByText("0.9960")).toBeTruthy();
    await user.type(within(dialog).getByLabelText(/Concentration/), "much");
    expect(await within(dialog).findByText("Must be a number above 0.")).toBeTruthy();
  });

  it("studies the scan rates of several sessions together", async () => {
    const { user } = open("scene=cv_rates");
    await user.click(await screen.findByRole("button", { name: "Scan rates…" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(await dialog.findByText("Only this session"));
    await user.click(dialog.getByRole("checkbox", { name: /^Second chip/ }));
    expect(await dialog.findByText(/24 peaks at 4 scan rates/)).toBeTruthy();
    expect(dialog.getByText("This session and 1 other")).toBeTruthy();
  });

  it("waits for the first file, and says how it comes", async () => {
    open("scene=cv_first");
    expect(await screen.findByText("The first file is being written")).toBeTruthy();
  });
});
