import { screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Command } from "../../protocol/Command";
import { mounted } from "../../testing/mounted";
import StartScreen from "./StartScreen.svelte";

test("a newcomer is told what SACMES does and how it goes", async () => {
  mounted(StartScreen, {}, "scene=empty");
  expect(await screen.findByRole("heading", { name: "How it goes" })).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Recent sessions" })).toBeNull();
});

test("recent sessions are listed, the live ones first, and open with a click", async () => {
  const { app } = mounted(StartScreen, {});
  const names = await screen.findAllByRole("button", { name: /ATP titration|drift|Kanamycin|Vancomycin/ });
  expect(names.map((name) => name.textContent)).toEqual([
    "ATP titration, 4 electrodes",
    "Overnight drift, flow cell",
    "Kanamycin in buffer",
    "Vancomycin in serum, chip 12",
  ]);
  await userEvent.click(names[2] as HTMLElement);
  expect(app.route).toMatchObject({ screen: "session", session: app.sessions.sessions?.[2]?.session });
});

test("one click starts the simulated instrument and shows its session", async () => {
  const { app } = mounted(StartScreen, {}, "scene=empty");
  await userEvent.click(screen.getByRole("button", { name: "Try a simulated instrument" }));
  await waitFor(() => expect(app.route.screen).toBe("session"));
  await vi.waitFor(() => expect(app.sessions.sessions?.[0]).toMatchObject({ source: "simulated", state: "running" }));
});

test("a chosen folder opens the new session with it, and choosing none changes nothing", async () => {
  const { app } = mounted(StartScreen, {}, "scene=still", () => ({
    chooseFolder: vi.fn().mockResolvedValueOnce(null).mockResolvedValueOnce("/data/run 7"),
  }));
  await userEvent.click(screen.getByRole("button", { name: "Watch a folder" }));
  expect(app.route.screen).toBe("start");
  await userEvent.click(screen.getByRole("button", { name: "Watch a folder" }));
  await waitFor(() => expect(app.route).toMatchObject({ screen: "new_session", door: "watch", folder: "/data/run 7" }));
});

test("what a host cannot do stays visible, with the reason, and does nothing", async () => {
  const chooseFolder = vi.fn();
  mounted(StartScreen, {}, "scene=still", (demo) => ({
    chooseFolder,
    capabilities: { ...demo.capabilities, control: { can: false, reason: "You may look and not touch." } },
  }));
  const door = screen.getByRole("button", { name: "Watch a folder", description: "You may look and not touch." });
  expect(door.getAttribute("aria-disabled")).toBe("true");
  await userEvent.click(door);
  expect(chooseFolder).not.toHaveBeenCalled();
});

test("a refused start is told with what to do, and the screen stays", async () => {
  const refusal = { code: "disk_full", message: "The disk is full.", hint: "Make room and try again." };
  const { app } = mounted(StartScreen, {}, "scene=empty", () => ({ command: () => Promise.reject(refusal) }));
  await userEvent.click(screen.getByRole("button", { name: "Try a simulated instrument" }));
  await waitFor(() => expect(app.notices.list).toMatchObject([{ kind: "failure", message: "The disk is full." }]));
  expect(app.route.screen).toBe("start");
});

test("whoever steers from elsewhere begins a session there by naming its folder", async () => {
  const { app } = mounted(StartScreen, {}, "scene=still&follow=live");
  expect(await screen.findByRole("heading", { name: "Begin one there" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Watch a folder" }));
  expect(app.route).toEqual({ screen: "new_session", door: "watch", folder: "", files: [] });
});

test("whoever only looks sees that sessions are begun there, and why not by them", async () => {
  const { app } = mounted(StartScreen, {}, "scene=still&follow=view_only");
  const door = await screen.findByRole("button", { name: "Watch a folder", description: /view-only code/ });
  await userEvent.click(door);
  expect(app.route).toEqual({ screen: "start" });
});

test("the other techniques are simulated with a click each", async () => {
  const commands: Command[] = [];
  const { app } = mounted(StartScreen, {}, "scene=empty", (demo) => ({
    command: (command) => {
      commands.push(command);
      return demo.command(command);
    },
  }));
  await userEvent.click(screen.getByRole("button", { name: "CV: simulate cyclic voltammetry" }));
  await waitFor(() => expect(app.route.screen).toBe("session"));
  expect(commands[0]).toMatchObject({ source: { instrument: { technique: "cv" } }, settings: { technique: "cv" } });
});

test("temporary sessions are marked among the recent ones", async () => {
  mounted(StartScreen, {}, "scene=temporary");
  expect(await screen.findByText("temporary, expires in 23 h")).toBeTruthy();
});

test("opened files are shown before they start, sorted", async () => {
  const { app } = mounted(StartScreen, {});
  await userEvent.click(screen.getByRole("button", { name: "Open files" }));
  await waitFor(() => expect(app.route).toMatchObject({ screen: "new_session", door: "open", files: ["ATP_15Hz_1.txt", "ATP_60Hz_1.txt", "ATP_200Hz_1.txt"] }));
});
