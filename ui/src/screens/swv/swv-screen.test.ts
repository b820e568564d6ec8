import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Platform } from "../../platform/platform";
import type { Outcome } from "../../protocol/Outcome";
import type { SessionView } from "../../session/session-view.svelte";
import Bench from "./bench/Bench.svelte";
import { BenchHost, SESSION } from "./bench/experiment";
import { choices } from "./choices.svelte";

const FILES = 30;

function command() {
  return vi.fn<Platform["command"]>(async (): Promise<Outcome> => ({ outcome: "done" }));
}

async function open(files = FILES, changes: Partial<Platform> = {}) {
  const host = new BenchHost(files);
  const commands = command();
  let view: SessionView | undefined;
  render(Bench, {
    platform: { ...host.platform(), command: commands, ...changes },
    onview: (opened: SessionView) => {
      view = opened;
    },
  });
  await waitFor(() => expect(view?.phase).toBe("ready"));
  return { host, commands, view: view as SessionView, user: userEvent.setup() };
}

/** By its label: looking for roles goes through the whole page each time. */
const plot = (name: RegExp) => screen.findByLabelText(name, { selector: "[role=slider]" });
const fileInView = () => screen.getByRole<HTMLInputElement>("slider", { name: "File in view" }).value;
const sweep = (frequency_hz: number) => screen.getByRole("article", { name: `Sweep at ${frequency_hz} Hz` });

beforeEach(() => {
  localStorage.clear();
  choices.set({ display: "overlaid", hidden: ["ratio"], along: null });
});

describe("the SWV session", () => {
  it("sums up each trend for those who cannot see it", async () => {
    await open();
    expect(await plot(/^Peak current: 48 traces up to file 10, 1 min 48 s\. Newest: E1 · 15 Hz/)).toBeTruthy();
    expect(await plot(/^Normalised peak current: 48 traces/)).toBeTruthy();
    expect(await plot(/^KDM 200 Hz \/ 15 Hz: 16 traces/)).toBeTruthy();
    expect(await plot(/^Peak potential: 48 traces/)).toBeTruthy();
  });

  it("shows the newest sweep of each frequency with its numbers, file and revision", async () => {
    await open();
    const card = sweep(200);
    expect(await within(card).findByText(/SWV_200Hz_10\.txt · rev\. 1/)).toBeTruthy();
    expect(within(card).getByText("Good")).toBeTruthy();
    expect(within(card).getByText(/^\u2212261\.\d mV$/)).toBeTruthy();
  });

  it("shows one electrode, several, and all of them again", async () => {
    const { user, view } = await open();
    const electrodes = screen.getByRole("group", { name: "Electrodes" });
    await user.click(within(electrodes).getByRole("button", { name: /^E3/ }));
    expect(view.electrodes).toEqual([3]);
    expect(await plot(/^Peak current: 3 traces .* E3 · 15 Hz/)).toBeTruthy();
    await user.keyboard("{Control>}");
    await user.click(within(electrodes).getByRole("button", { name: /^E5/ }));
    await user.keyboard("{/Control}");
    expect(view.electrodes).toEqual([3, 5]);
    await user.click(within(electrodes).getByRole("button", { name: "All" }));
    expect(view.electrodes).toHaveLength(16);
  });

  it("has a mean with its standard deviation, and a plot for each electrode", async () => {
    const { user } = await open();
    const display = screen.getByRole("combobox", { name: "How electrodes share plots" });
    await user.selectOptions(display, "mean");
    expect(await plot(/^Peak current: 3 traces .* Mean of 16 · 15 Hz .* ± /)).toBeTruthy();
    await user.selectOptions(display, "separate");
    expect(await plot(/^E16 Peak current: 3 traces/)).toBeTruthy();
  });

  it("puts plots away and gets them back", async () => {
    const { user } = await open();
    await user.click(screen.getByRole("button", { name: "KDM" }));
    expect(screen.queryByRole("slider", { name: /^KDM/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Ratio" }));
    expect(await plot(/^Ratio 200 Hz \/ 15 Hz/)).toBeTruthy();
  });

  it("follows what arrives", async () => {
    const { host, view } = await open();
    expect(fileInView()).toBe("10");
    host.arrive();
    await waitFor(() => expect(view.newestIndex).toBe(11));
    await waitFor(() => expect(fileInView()).toBe("11"));
    expect(await within(sweep(15)).findByText(/SWV_15Hz_11\.txt/)).toBeTruthy();
    expect(await plot(/^Peak current: .* up to file 11/)).toBeTruthy();
  });

  it("teaches what to do while there is nothing yet", async () => {
    await open(0);
    expect(screen.getByRole("heading", { name: "Waiting for the first file" })).toBeTruthy();
    expect(screen.getByText(/let it save into this folder/)).toBeTruthy();
  });

  it("says why a sweep cannot be shown, and keeps the rest", async () => {
    const refusal = { code: "database_locked", message: "The database is locked.", hint: "Close what uses it." };
    const host = new BenchHost(FILES);
    const { columns } = host.platform();
    await open(FILES, { columns: (query) => (query.query === "sweep" ? Promise.reject(refusal) : columns(query)) });
    expect(await within(sweep(15)).findByText("The database is locked. Close what uses it.")).toBeTruthy();
    expect(await plot(/^Peak current: 48 traces/)).toBeTruthy();
  });
});

describe("points", () => {
  it("are walked along and picked by keyboard", async () => {
    const { user, view } = await open();
    const peaks = await plot(/^Peak current/);
    peaks.focus();
    await user.keyboard("{ArrowUp}{Home}{ArrowRight}{ArrowRight}");
    expect(peaks.getAttribute("aria-valuetext")).toMatch(/^file 3, 24\u202fs: E1 · 15\u202fHz 0\.1\d{3}\u202fµA$/);
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { name: "E1, file 3" })).toBeTruthy();
    expect(await within(sweep(60)).findByText(/SWV_60Hz_3\.txt/)).toBeTruthy();
    expect(view.selectedMeasurement).toBe(6 * 20 + 1);
    await user.click(screen.getByRole("button", { name: "Back to newest" }));
    expect(view.selectedMeasurement).toBeNull();
    expect(await within(sweep(60)).findByText(/SWV_60Hz_10\.txt/)).toBeTruthy();
  });

  it("are excluded from the menu of a plot", async () => {
    const { user, commands } = await open();
    (await plot(/^Peak current/)).focus();
    await user.keyboard("{ArrowUp}{End}{Shift>}{F10}{/Shift}");
    await user.click(screen.getByRole("menuitem", { name: "Exclude E1 · 15\u202fHz, file 10" }));
    expect(commands).toHaveBeenCalledWith({
      command: "exclude",
      session: SESSION,
      measurements: [27 * 20 + 1],
      excluded: true,
    });
  });

  it("are excluded beside their sweep", async () => {
    const { user, commands } = await open();
    await user.click(within(sweep(200)).getByRole("button", { name: "Exclude" }));
    expect(commands).toHaveBeenCalledWith(
      expect.objectContaining({ command: "exclude", measurements: [29 * 20 + 1], excluded: true }),
    );
  });

  it("cannot be changed by those who may only look, and say so", async () => {
    const host = new BenchHost(FILES).platform();
    const control = { can: false, reason: "You are looking with a view-only code." } as const;
    const { user, commands } = await open(FILES, { capabilities: { ...host.capabilities, control } });
    const button = within(sweep(200)).getByRole("button", { name: "Exclude" });
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.getAttribute("title")).toBe(control.reason);
    await user.click(button);
    expect(commands).not.toHaveBeenCalled();
  });
});

describe("markers", () => {
  it("are added where the user is", async () => {
    const { user, commands, view } = await open();
    view.position = { kind: "hold", index: 4 };
    await user.click(screen.getByRole("button", { name: "Marker" }));
    const dialog = screen.getByRole("dialog", { name: "New marker" });
    await user.type(within(dialog).getByLabelText("Text"), "10 µM ATP");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(commands).toHaveBeenCalledWith({
      command: "put_marker",
      session: SESSION,
      marker: { id: expect.any(String) as string, kind: "injection", index: 4, label: "10 µM ATP" },
    });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("the time bar", () => {
  it("holds a moment in this window alone, and follows again", async () => {
    const { user, commands, view } = await open();
    await user.click(screen.getByRole("button", { name: "One file back" }));
    expect(view.position).toEqual({ kind: "hold", index: 9 });
    expect(screen.getByRole("heading", { name: "Sweeps in view" })).toBeTruthy();
    expect(await within(sweep(15)).findByText(/SWV_15Hz_9\.txt/)).toBeTruthy();
    expect(screen.getByText(/of 10 · 1 min 36 s/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Live" }));
    expect(view.position).toEqual({ kind: "live" });
    expect(commands).not.toHaveBeenCalled();
  });

  it("replays from the beginning when it stands at the end", async () => {
    const { user, view } = await open();
    await user.selectOptions(screen.getByRole("combobox", { name: "Speed of the replay" }), "1,000 ×");
    await user.click(screen.getByRole("button", { name: "Replay" }));
    expect(view.position.kind).toBe("hold");
    // 108 s of experiment at 1000 times, then it is live again.
    await waitFor(() => expect(view.position).toEqual({ kind: "live" }));
  });

  it("is moved by keys where nothing else wants them", async () => {
    const { user, commands, view } = await open();
    // Slow, so that it does not come to its end meanwhile.
    await user.selectOptions(screen.getByRole("combobox", { name: "Speed of the replay" }), "0.5 ×");
    screen.getByRole("combobox", { name: "Speed of the replay" }).blur();
    await user.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(view.position).toEqual({ kind: "hold", index: 8 });
    await user.keyboard("{Home}");
    expect(view.position).toEqual({ kind: "hold", index: 1 });
    await user.keyboard("{Shift>}{ArrowRight}{/Shift}");
    expect(view.position).toEqual({ kind: "hold", index: 10 });
    await user.keyboard("{ArrowLeft} ");
    expect(screen.getByRole("button", { name: "Hold here" })).toBeTruthy();
    await user.keyboard(" ");
    expect(screen.getByRole("button", { name: "Replay" })).toBeTruthy();
    await user.keyboard("{End}");
    expect(view.position).toEqual({ kind: "live" });
    expect(commands).not.toHaveBeenCalled();
  });
});
