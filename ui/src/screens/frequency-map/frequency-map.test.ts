import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { App } from "../../app/app.svelte";
import type { Platform } from "../../platform/platform";
import type { Command } from "../../protocol/Command";
import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import FrequencyMapScreen from "./FrequencyMapScreen.svelte";
import { holdsOf } from "./holds.svelte";
import { mapChoices } from "./map-choices.svelte";

type Change = (demo: Platform) => Partial<Platform>;

async function open(name: RegExp, scene = "scene=map-still", change: Change = () => ({})) {
  const app = appOver(scene, change);
  await waitFor(() => expect(app.sessions.sessions).not.toBeNull());
  return { app, ...(await show(app, name)), user: userEvent.setup() };
}

async function show(app: App, name: RegExp): Promise<{ view: SessionView }> {
  const session = app.sessions.sessions?.find((one) => name.test(one.name));
  const view = new SessionView(app.platform, app.hub, session?.session ?? "");
  await waitFor(() => expect(view.phase).toBe("ready"));
  mountIn(app, FrequencyMapScreen, { view });
  return { view };
}

/** By its label: looking for roles goes through the whole page each time. */
const plot = (name: RegExp) => screen.findByLabelText(name, { selector: "[role=slider]" });
const frequencies = () => within(screen.getByRole("toolbar", { name: "Frequency" }));

beforeEach(() => {
  localStorage.clear();
  mapChoices.set({ quantities: ["current", "charge"], hasElectrodes: true, hasMean: true, isAboveBaseline: false, compared: "current" });
});

describe("a frequency map", () => {
  it("that is being measured tells how far it is, and shows the newest sweep", async () => {
    await open(/chip 15/);
    expect(screen.getByRole("heading", { name: "Map 4 of 4" })).toBeTruthy();
    expect(screen.getByText(/^11 of 16 frequencies, newest 200.Hz, 5 awaited$/)).toBeTruthy();
    expect(frequencies().getByRole("button", { name: /^280\u202fHz: awaited/ })).toBeTruthy();
    const newest = frequencies().getByRole("button", { name: /^200\u202fHz: measured, the newest/ });
    expect(newest.getAttribute("aria-pressed")).toBe("true");
    const card = screen.getByRole("article", { name: "Sweep at 200 Hz" });
    expect(await within(card).findByText(/SWV_200Hz_4\.txt/)).toBeTruthy();
  });

  it("has its current and charge against the frequency, each electrode and their mean", async () => {
    const { user, view } = await open(/chip 15/);
    expect(await plot(/^Peak current: 5 traces up to .* At the highest: E1 /)).toBeTruthy();
    expect(await plot(/^Charge: 5 traces/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Electrodes" }));
    expect(await plot(/^Peak current: 1 trace .* Mean of 4/)).toBeTruthy();
    // One of both stays.
    await user.click(screen.getByRole("button", { name: "Mean ± SD" }));
    expect(await plot(/^Peak current: 1 trace .* Mean of 4/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Electrodes" }));
    await user.click(within(screen.getByRole("group", { name: "Electrodes" })).getByRole("button", { name: "E2" }));
    expect(view.electrodes).toEqual([2]);
    expect(await plot(/^Peak current: 2 traces .* E2 .*, Mean of 4/)).toBeTruthy();
  });

  it("overlays its sweeps, and shows all of the one that is chosen, by mouse or keyboard", async () => {
    const { user, view } = await open(/chip 15/);
    expect(await plot(/^Current Map 4, smoothed: 13 traces/)).toBeTruthy();
    await user.click(frequencies().getByRole("button", { name: /^30\u202fHz/ }));
    expect(await within(screen.getByRole("article", { name: "Sweep at 30 Hz" })).findByText(/SWV_30Hz_4\.txt/)).toBeTruthy();
    expect(view.selectedMeasurement).not.toBeNull();
    await user.keyboard("{ArrowRight}");
    expect(await screen.findByRole("article", { name: "Sweep at 45 Hz" })).toBeTruthy();
    const charge = await plot(/^Charge/);
    charge.focus();
    await user.keyboard("{Home}{Enter}");
    expect(await screen.findByRole("article", { name: "Sweep at 5 Hz" })).toBeTruthy();
    // The chosen one again: back to the newest.
    await user.click(frequencies().getByRole("button", { name: /^5\u202fHz/ }));
    expect(await screen.findByRole("article", { name: "Sweep at 200 Hz" })).toBeTruthy();
  });

  it("is an older one where this viewer goes back", async () => {
    const { user, view } = await open(/chip 15/);
    await user.click(screen.getByRole("button", { name: "One file back" }));
    expect(view.position).toEqual({ kind: "hold", index: 3 });
    expect(screen.getByRole("heading", { name: "Map 3 of 4" })).toBeTruthy();
    expect(screen.getByText(/^16 of 16 frequencies/)).toBeTruthy();
    expect(await within(screen.getByRole("article", { name: "Sweep at 600 Hz" })).findByText(/SWV_600Hz_3\.txt/)).toBeTruthy();
  });

  it("teaches what to do while there is nothing yet", async () => {
    await open(/chip 15/, "scene=map-first");
    expect(screen.getByRole("heading", { name: "The first file is being written" })).toBeTruthy();
  });

  it("says why its numbers cannot be had, and keeps the sweeps", async () => {
    const refusal = { code: "too_many_maps", message: "There are more than 500 frequency maps.", hint: "Choose fewer." };
    await open(/chip 15/, "scene=map-still", (demo) => ({
      query: (query) => (query.query === "frequency_maps" ? Promise.reject(refusal) : demo.query(query)),
    }));
    expect(await screen.findByText("There are more than 500 frequency maps.")).toBeTruthy();
    expect(await within(screen.getByRole("article", { name: "Sweep at 200 Hz" })).findByText(/SWV_200Hz_4\.txt/)).toBeTruthy();
  });

  it("is no trouble where it has no trends", async () => {
    const refusal = { code: "no_trends_of_technique", message: "It holds one frequency map.", hint: "" };
    const { view } = await open(/chip 12/, "scene=map-still", (demo) => ({
      columns: (query) => (query.query === "trends" ? Promise.reject(refusal) : demo.columns(query)),
    }));
    expect(await plot(/^Charge: 5 traces/)).toBeTruthy();
    expect(view.refusal).toBeNull();
  });
});

describe("points of a map", () => {
  it("are excluded from the menu of a plot", async () => {
    const commands = vi.fn((_command: Command) => Promise.resolve({ outcome: "done" } as const));
    const { user, view } = await open(/chip 15/, "scene=map-still", () => ({ command: commands }));
    (await plot(/^Charge: 5/)).focus();
    await user.keyboard("{ArrowUp}{Home}{Shift>}{F10}{/Shift}");
    await user.click(screen.getByRole("menuitem", { name: "Exclude E1 · 5\u202fHz, map 4" }));
    const measurements = [view.series(1, 5)?.row(3)?.measurement];
    expect(commands).toHaveBeenCalledWith({ command: "exclude", session: view.id, measurements, excluded: true });
  });
});

async function hold(user: ReturnType<typeof userEvent.setup>, name: string, map?: string, session?: string): Promise<void> {
  await user.click(screen.getByRole("button", { name: "Hold map…" }));
  const dialog = within(screen.getByRole("dialog", { name: "Hold a map" }));
  if (session) await user.selectOptions(dialog.getByLabelText("Session"), session);
  if (map) await user.selectOptions(await dialog.findByLabelText("Map"), map);
  const field = dialog.getByLabelText<HTMLInputElement>("Name");
  // The maps of another session are read first.
  await waitFor(() => expect(field.value).not.toBe(""));
  await user.clear(field);
  await user.type(field, `${name}{Enter}`);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
}

describe("held maps", () => {
  it("are compared with the one on screen, of this and of other sessions", async () => {
    const { app, user } = await open(/chip 14/);
    await hold(user, "Buffer", "Map 1");
    await hold(user, "Other chip", undefined, "Map of chip 12, mixed layer");
    expect(holdsOf(app.platform).list.map(({ name }) => name)).toEqual(["Buffer", "Other chip"]);
    await user.click(screen.getByRole("button", { name: "Compare maps (2 held)" }));
    expect(await plot(/^Peak current mean of the electrodes: 3 traces .* Buffer .* Map of chip 14, titrated #7 .*/)).toBeTruthy();
    expect(await plot(/^Gain mean of the electrodes, against Buffer: 2 traces/)).toBeTruthy();
    expect(await plot(/^Difference mean of the electrodes, against Buffer: 2 traces/)).toBeTruthy();
    expect(await plot(/^Current: 3 traces/)).toBeTruthy();
    await user.selectOptions(screen.getByLabelText("Changes against the first map of"), "Map of chip 12, mixed layer");
    expect(await plot(/^Gain .* against Other chip/)).toBeTruthy();
    await user.selectOptions(screen.getByLabelText("Curves of"), "E2");
    expect(await plot(/^Gain E2, against Other chip/)).toBeTruthy();
  });

  it("propose two frequencies for KDM, which one click takes into the settings", async () => {
    const { user, view } = await open(/chip 14/);
    await hold(user, "Buffer", "Map 1");
    await user.click(screen.getByRole("button", { name: /^Compare maps/ }));
    const card = within(await screen.findByRole("article", { name: "Proposed for KDM: Map of chip 14, titrated #7" }));
    expect(card.getByText(/KDM would change by \+\d+\.\d ± \d+\.\d % as difference/)).toBeTruthy();
    await user.click(card.getByRole("button", { name: "Use as high and low frequency" }));
    await waitFor(() => expect(view.settings?.trend).toMatchObject({ high_frequency_hz: 600, low_frequency_hz: 5 }));
    const taken = await card.findByRole("button", { name: "In the settings" });
    expect(taken.getAttribute("title")).toBe("The settings of this session have these two frequencies.");
  });

  it("stay when the screen is left, are renamed, put aside and let go", async () => {
    const { app, user } = await open(/chip 14/);
    await hold(user, "Buffer", "Map 1");
    document.body.innerHTML = "";
    await show(app, /chip 12/);
    await user.click(screen.getByRole("button", { name: "Compare maps (1 held)" }));
    expect(await plot(/^Gain .*, against Buffer: 1 trace/)).toBeTruthy();
    const name = screen.getByLabelText("Name of the held map Buffer");
    await user.clear(name);
    await user.type(name, "Blank{Enter}");
    expect(await plot(/^Gain .*, against Blank: 1 trace/)).toBeTruthy();
    await user.click(screen.getByLabelText("Show Blank"));
    expect(await plot(/^Gain .*: nothing to show yet/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Let go of Blank" }));
    expect(holdsOf(app.platform).list).toEqual([]);
    expect(screen.getByText(/Hold a map without target, then look at one with target/)).toBeTruthy();
  });

  it("of a session that was deleted say so, and the rest goes on", async () => {
    const { app, user } = await open(/chip 14/);
    holdsOf(app.platform).hold({ session: "5e551000-0000-4000-8000-000000009999", index: 1 }, "Lost");
    await user.click(await screen.findByRole("button", { name: "Compare maps (1 held)" }));
    expect(await screen.findByText("Its session was deleted.")).toBeTruthy();
    expect(await plot(/^Peak current mean of the electrodes: 2 traces/)).toBeTruthy();
  });

  it("can be looked at without control; the settings cannot be changed, and it says why", async () => {
    const { user } = await open(/chip 14/, "follow=view_only&scene=map-still");
    await hold(user, "Buffer", "Map 1");
    await user.click(screen.getByRole("button", { name: /^Compare maps/ }));
    const card = within(await screen.findByRole("article", { name: /^Proposed for KDM: Map/ }));
    const take = card.getByRole("button", { name: "Use as high and low frequency" });
    expect(take.getAttribute("aria-disabled")).toBe("true");
    expect(take.getAttribute("title")).toMatch(/view-only/);
  });
});
