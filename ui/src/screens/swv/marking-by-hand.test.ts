import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Platform } from "../../platform/platform";
import type { Command } from "../../protocol/Command";
import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import MarksSection from "../inspector/MarksSection.svelte";
import SwvScreen from "./SwvScreen.svelte";

const SESSION = "5e551000-0000-4000-8000-000000000004";
let view: SessionView;

beforeEach(() => localStorage.clear());
afterEach(() => view.close());

async function open(more: Partial<Platform> = {}) {
  const commands = vi.fn<(command: Command) => void>();
  const app = appOver("scene=still", (demo) => ({
    command: (command) => {
      commands(command);
      return demo.command(command);
    },
    ...more,
  }));
  view = new SessionView(app.platform, app.hub, SESSION);
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
  mountIn(app, SwvScreen, { view });
  mountIn(app, MarksSection, { view });
  const card = () => screen.getByRole("article", { name: "Sweep at 200 Hz" });
  await within(card()).findByText(/rev\. 1/);
  return { commands, card, user: userEvent.setup() };
}

const handle = (card: HTMLElement, name: string) => within(card).findByRole("slider", { name });

test("the ends of the baseline are moved by keyboard, tried out, applied, listed and undone", async () => {
  const { commands, card, user } = await open();
  await user.click(within(card()).getByRole("button", { name: "Mark by hand" }));
  const apply = within(card()).getByRole("button", { name: "Apply" });
  expect(apply.getAttribute("title")).toBe("Move a handle first: nothing is marked yet.");
  const lower = await handle(card(), "Lower end of the baseline");
  const before = Number(lower.getAttribute("aria-valuenow"));
  lower.focus();
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(Number(lower.getAttribute("aria-valuenow"))).not.toBe(before));
  expect(lower.getAttribute("aria-valuetext")).toMatch(/mV$/);
  expect(await within(card()).findByText("Preview")).toBeTruthy();
  expect(commands).not.toHaveBeenCalled();
  await user.click(apply);
  expect(commands).toHaveBeenCalledTimes(1);
  expect(commands.mock.calls[0]?.[0]).toMatchObject({ command: "put_mark", session: SESSION, points: { peak_potential_v: null } });
  expect(await within(card()).findByText("By hand")).toBeTruthy();
  const marks = screen.getByRole("region", { name: "Marked by hand" });
  expect(await within(marks).findByText(/^The baseline: .* instead of /)).toBeTruthy();
  await user.click(within(marks).getByRole("button", { name: /^Undo the mark of E1/ }));
  await waitFor(() => expect(within(card()).queryByText("By hand")).toBeNull());
  expect(await within(marks).findByText(/Where a method misses a peak/)).toBeTruthy();
});

test("the peak is marked alone, and a mark is taken away beside its sweep", async () => {
  const { commands, card, user } = await open();
  await user.click(within(card()).getByRole("button", { name: "Mark by hand" }));
  (await handle(card(), "Peak")).focus();
  await user.keyboard("{Shift>}{ArrowLeft}{/Shift}");
  await user.click(within(card()).getByRole("button", { name: "Apply" }));
  expect(commands.mock.calls[0]?.[0]).toMatchObject({ command: "put_mark", points: { baseline_v: null } });
  expect(await within(card()).findByText("By hand")).toBeTruthy();
  await user.click(within(card()).getByRole("button", { name: "Mark by hand" }));
  await user.click(await within(card()).findByRole("button", { name: "Remove mark" }));
  await waitFor(() => expect(within(card()).queryByText("By hand")).toBeNull());
  expect(commands.mock.calls.at(-1)?.[0]).toMatchObject({ command: "remove_mark" });
});

test("what is tried out is forgotten on cancel", async () => {
  const { commands, card, user } = await open();
  await user.click(within(card()).getByRole("button", { name: "Mark by hand" }));
  (await handle(card(), "Peak")).focus();
  await user.keyboard("{ArrowLeft}");
  expect(await within(card()).findByText("Preview")).toBeTruthy();
  await user.click(within(card()).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(within(card()).queryByText("Preview")).toBeNull());
  expect(within(card()).queryByRole("slider", { name: "Peak" })).toBeNull();
  expect(commands).not.toHaveBeenCalled();
});

test("those who may only look find the reason on it", async () => {
  const reason = "You are looking with a view-only code.";
  const control = { can: false, reason } as const;
  const capabilities = { control, folders: control, identity: control, sharing: control };
  const { card } = await open({ capabilities });
  const button = within(card()).getByRole("button", { name: "Mark by hand" });
  expect(button.getAttribute("aria-disabled")).toBe("true");
  expect(button.getAttribute("title")).toBe(reason);
});
