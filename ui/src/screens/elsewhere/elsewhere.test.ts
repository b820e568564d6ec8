import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { demoPlatform } from "../../platform/demo/platform";
import type { Elsewhere, FollowedAgent, Platform } from "../../platform/platform";
import { mounted } from "../../testing/mounted";
import ExportDialog from "../export/ExportDialog.svelte";
import FollowScreen from "./FollowScreen.svelte";
import OwnRoot from "./OwnRoot.svelte";

const CODE = "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg";
const RELAY = "https://relay.example.org";

const field = (name: string): HTMLInputElement => screen.getByRole("textbox", { name });
const click = (name: string): Promise<void> => userEvent.click(screen.getByRole("button", { name }));

/** The door in the sidebar; the start screen has another. */
const openDoor = (): Promise<void> =>
  userEvent.click(within(screen.getByRole("navigation", { name: "Sessions" })).getByRole("button", { name: "Follow someone…" }));

/** The screen over a host of which parts are replaced. */
function follow(change: Partial<Elsewhere> = {}, scene = "scene=still"): { onfollow: ReturnType<typeof vi.fn> } {
  const onfollow = vi.fn();
  mounted(FollowScreen, { onfollow }, scene, (demo) => ({ elsewhere: { ...(demo.elsewhere as Elsewhere), ...change } }));
  return { onfollow };
}

/** An agent whose end is noticed. */
async function agent(): Promise<{ agent: FollowedAgent; close: ReturnType<typeof vi.fn> }> {
  const followed = (await demoPlatform("?scene=still").elsewhere?.follow(CODE, RELAY, "Room 214")) as FollowedAgent;
  const close = vi.fn();
  const platform = { ...followed.platform, following: { ...followed.platform.following, close } };
  return { agent: { ...followed, platform }, close };
}

test("the start screen and the sidebar have a door to others, and a page that only follows has none", async () => {
  const { unmount } = render(OwnRoot, { props: { platform: demoPlatform("?scene=still") } });
  await openDoor();
  expect(await screen.findByRole("heading", { name: "Follow someone" })).toBeTruthy();
  await userEvent.click(within(screen.getByRole("navigation", { name: "Sessions" })).getByRole("button", { name: "New session" }));
  const start = screen.getByRole("main");
  await userEvent.click(within(start).getByRole("button", { name: "Follow someone…" }));
  expect(await screen.findByRole("heading", { name: "Follow someone" })).toBeTruthy();
  unmount();
  render(OwnRoot, { props: { platform: demoPlatform("?scene=still&follow=live") } });
  expect(await screen.findByRole("heading", { name: "Followed sessions" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Follow someone…" })).toBeNull();
});

test("somebody's experiments carry their name, this computer's stay in sight, and the way back is there", async () => {
  render(OwnRoot, { props: { platform: demoPlatform("?scene=still") } });
  await openDoor();
  await userEvent.click(await screen.findByRole("button", { name: "Follow Grace's flow cell" }));
  const whose = await screen.findByRole("note", { name: "Whose experiments these are" });
  expect(whose.textContent).toMatch(/You are looking at Grace's flow cell; you can change nothing there\./);
  await waitFor(() => expect(whose.textContent).toMatch(/On this computer: \d+ sessions? running\./));
  expect(screen.getByRole("region", { name: "Followed agent" }).textContent).toContain("Grace's flow cell");
  expect(screen.queryByRole("region", { name: "Profile" })).toBeNull();
  await userEvent.click(within(whose).getByRole("button", { name: "Back to this computer" }));
  expect(await screen.findByRole("region", { name: "Profile" })).toBeTruthy();
  expect(screen.queryByRole("note", { name: "Whose experiments these are" })).toBeNull();
});

test("the sidebar lists whom this profile remembers, and leads from one to the other", async () => {
  render(OwnRoot, { props: { platform: demoPlatform("?scene=still") } });
  const sidebar = (): ReturnType<typeof within> => within(screen.getByRole("navigation", { name: "Sessions" }));
  const agent = (name: RegExp): Promise<HTMLElement> => sidebar().findByRole("button", { name });
  await userEvent.click(await agent(/^Grace's flow cell\s+Not followed now; look only/));
  const whose = async (): Promise<string> => (await screen.findByRole("note", { name: "Whose experiments these are" })).textContent ?? "";
  expect(await whose()).toContain("Grace's flow cell");
  expect((await agent(/^Grace's flow cell\s+Live/)).getAttribute("aria-current")).toBe("true");
  await userEvent.click(await agent(/^Potentiostat in room 214\s+Not followed now; look and steer/));
  await waitFor(async () => expect(await whose()).toContain("Potentiostat in room 214"));
  expect((await agent(/^Grace's flow cell/)).getAttribute("aria-current")).toBeNull();
});

test("trouble of this computer's store is told while others are looked at", async () => {
  const own = demoPlatform("?scene=still");
  let tell: Parameters<Platform["subscribe"]>[0] = () => {};
  const platform: Platform = {
    ...own,
    subscribe: async (listener) => {
      tell = listener;
      return () => {};
    },
  };
  render(OwnRoot, { props: { platform } });
  await openDoor();
  await userEvent.click(await screen.findByRole("button", { name: "Follow Grace's flow cell" }));
  await screen.findByRole("note", { name: "Whose experiments these are" });
  tell([{ event: "store_trouble", code: "disk_full", message: "The disk is full." }]);
  expect(await screen.findByText("On this computer: The disk is full.")).toBeTruthy();
});

test("when the window was closed, it shows this computer again", async () => {
  let end: () => void = () => {};
  const { agent: one } = await agent();
  const ended = new Promise<void>((resolve) => (end = resolve));
  const following = { ...one.platform.following, inWindow: { name: "Room 214", ended } };
  const own = demoPlatform("?scene=still");
  const elsewhere = { ...(own.elsewhere as Elsewhere), followRemembered: async () => ({ ...one, platform: { ...one.platform, following } }) };
  render(OwnRoot, { props: { platform: { ...own, elsewhere } } });
  await openDoor();
  await userEvent.click(await screen.findByRole("button", { name: "Follow Potentiostat in room 214" }));
  await screen.findByRole("region", { name: "Followed agent" });
  end();
  expect(await screen.findByRole("region", { name: "Profile" })).toBeTruthy();
});

test("what is wrong is said at its field", async () => {
  const refusals: Record<string, string> = { "Code or link": "not_a_code", Relay: "no_relay", Name: "name_taken" };
  for (const [label, code] of Object.entries(refusals)) {
    const { onfollow } = follow({
      follow: () => Promise.reject({ code, message: `Wrong at ${label}.`, hint: "Do better." }),
    });
    await userEvent.type(field("Name"), "Room 214");
    await click("Follow");
    const error = await screen.findByText(`Wrong at ${label}. Do better.`);
    expect(field(label).getAttribute("aria-describedby")).toContain(error.id);
    expect(onfollow).not.toHaveBeenCalled();
    document.body.replaceChildren();
  }
});

test("a link names its relay; the relay that was followed through is proposed otherwise", async () => {
  const { agent: one } = await agent();
  const given = vi.fn(async () => one);
  const { onfollow } = follow({ follow: given });
  await waitFor(() => expect(field("Relay").value).toBe(RELAY));
  await userEvent.type(field("Code or link"), `${RELAY}/#${CODE}`);
  expect(screen.queryByRole("textbox", { name: "Relay" })).toBeNull();
  await userEvent.click(screen.getByRole("checkbox"));
  await click("Follow");
  await waitFor(() => expect(onfollow).toHaveBeenCalledWith(one));
  expect(given).toHaveBeenCalledWith(`${RELAY}/#${CODE}`, RELAY, "");
});

test("without a keyring nothing is kept until somebody agrees to a file, and following works without that", async () => {
  const { agent: one, close } = await agent();
  const refusal = { code: "keyring_absent", message: "There is no keyring.", hint: "Following works without that." };
  const remember = vi.fn((_: string, inFile: boolean) =>
    inFile ? one.remember("Room 214", true) : Promise.reject(refusal),
  );
  const { onfollow } = follow({ follow: async () => ({ ...one, remember }) });
  await userEvent.type(field("Code or link"), CODE);
  await userEvent.type(field("Name"), "Room 214");
  await click("Follow");
  expect((await screen.findByRole("status")).textContent).toContain("There is no keyring. Following works without that.");
  expect(onfollow).not.toHaveBeenCalled();
  await click("Keep it in a file only I can read");
  await waitFor(() => expect(onfollow).toHaveBeenCalledOnce());
  expect(remember.mock.calls).toEqual([["Room 214", false], ["Room 214", true]]);
  expect(close).not.toHaveBeenCalled();
});

test("following without remembering goes on, and leaving the question ends what was begun", async () => {
  for (const isGivenUp of [false, true]) {
    const { agent: one, close } = await agent();
    const remember = (): Promise<never> => Promise.reject({ code: "keyring_locked", message: "It is locked.", hint: "" });
    const onfollow = vi.fn();
    const { app } = mounted(FollowScreen, { onfollow }, "scene=still", (demo) => ({
      elsewhere: { ...(demo.elsewhere as Elsewhere), follow: async () => ({ ...one, remember }) },
    }));
    await userEvent.type(field("Code or link"), CODE);
    await userEvent.type(field("Name"), "Room 214");
    await click("Follow");
    await screen.findByRole("status");
    if (isGivenUp) {
      await userEvent.click(screen.getByRole("button", { name: "Follow" }));
      await waitFor(() => expect(close).toHaveBeenCalled());
    } else {
      await click("Follow without remembering");
      expect(onfollow).toHaveBeenCalledOnce();
      expect(close).not.toHaveBeenCalled();
    }
    expect(app.route.screen).toBe("start");
    document.body.replaceChildren();
  }
});

test("an agent that is forgotten is gone from the list", async () => {
  follow();
  await userEvent.click(await screen.findByRole("button", { name: "Forget Grace's flow cell" }));
  await waitFor(() => expect(screen.queryByText("Grace's flow cell")).toBeNull());
  expect(screen.getByText("Potentiostat in room 214")).toBeTruthy();
});

test("a file from elsewhere is written where a dialog of this computer said", async () => {
  const { agent: one } = await agent();
  const chosen = vi.fn(async () => "/home/ada/run.csv");
  const command = vi.fn(async () => ({ outcome: "done" as const }));
  const { sessions } = await demoPlatform("?scene=still").query({ query: "sessions" });
  const summary = sessions[0];
  if (!summary) throw new Error("the demo has no session");
  mounted(ExportDialog, { summary, electrodes: [1], frequencies_hz: [15], onclose: () => {} }, "scene=still", () => ({
    following: one.platform.following,
    capabilities: one.platform.capabilities,
    chooseDestination: chosen,
    command,
  }));
  expect(field("File").readOnly).toBe(true);
  expect(screen.getByRole("button", { name: "Export" }).getAttribute("aria-disabled")).toBe("true");
  await click("Choose…");
  await waitFor(() => expect(field("File").value).toBe("/home/ada/run.csv"));
  await click("Export");
  expect(command).toHaveBeenCalledWith(expect.objectContaining({ command: "export", destination: "/home/ada/run.csv" }));
});
