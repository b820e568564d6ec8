import { render, screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";

import { demoPlatform } from "../../platform/demo/platform";
import { codeText } from "../../remote/codes";
import type { FollowState } from "../../remote/follower";
import { openCode, openedCode, rememberedAgents } from "../../remote/kept-codes";
import { versionsDiffer } from "../../remote/refusals";
import { mounted } from "../../testing/mounted";
import SessionScreen from "../session/SessionScreen.svelte";
import CodeScreen from "./CodeScreen.svelte";
import FollowBanner from "./FollowBanner.svelte";
import FollowRoot from "./FollowRoot.svelte";

const USER_ID = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35";
const CODE = "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg";
const RELAY = "https://relay.example.org";

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

const field = (): HTMLElement => screen.getByRole("textbox", { name: "User ID or view-only code" });
const follow = (): Promise<void> => userEvent.click(screen.getByRole("button", { name: "Follow" }));

test("what is wrong with a code is said at its field", async () => {
  const onfollow = vi.fn();
  render(CodeScreen, { props: { onfollow } });
  await follow();
  expect(await screen.findByText(/^No code was given\./)).toBeTruthy();
  await userEvent.type(field(), CODE.replace("kq8", "kq9"));
  await follow();
  const error = await screen.findByText(/^This is not a valid code\./);
  expect(field().getAttribute("aria-invalid")).toBe("true");
  expect(field().getAttribute("aria-describedby")).toBe(error.id);
  expect(onfollow).not.toHaveBeenCalled();
});

test.each([USER_ID, CODE.toUpperCase(), `${RELAY}/#${CODE}`])("%s is followed, and remembered nowhere", async (pasted) => {
  const onfollow = vi.fn();
  render(CodeScreen, { props: { onfollow } });
  await userEvent.type(field(), pasted);
  await follow();
  await waitFor(() => expect(onfollow).toHaveBeenCalledOnce());
  expect([USER_ID, CODE]).toContain(await codeText(onfollow.mock.calls[0]?.[0]));
  expect(localStorage.length).toBe(0);
});

test("the Enter key follows a pasted code", async () => {
  const onfollow = vi.fn();
  render(CodeScreen, { props: { onfollow } });
  await userEvent.type(field(), `${CODE}{Enter}`);
  await waitFor(() => expect(onfollow).toHaveBeenCalledOnce());
});

test("a code is remembered on request, under a name, followed with a click, and forgotten with another", async () => {
  const onfollow = vi.fn();
  const { unmount } = render(CodeScreen, { props: { onfollow } });
  await userEvent.type(field(), CODE);
  await userEvent.click(screen.getByRole("checkbox", { name: "Remember this code in this browser" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Room 214");
  await follow();
  await waitFor(() => expect(rememberedAgents()).toEqual([{ name: "Room 214", code: CODE }]));
  unmount();
  render(CodeScreen, { props: { onfollow } });
  await userEvent.click(screen.getByRole("button", { name: "Follow Room 214" }));
  await waitFor(() => expect(onfollow).toHaveBeenCalledTimes(2));
  await userEvent.click(screen.getByRole("button", { name: "Forget Room 214" }));
  expect(screen.queryByText("Room 214")).toBeNull();
  expect(localStorage.length).toBe(0);
});

test("the code of a link is remembered on request as well, as it is written, and forgotten", async () => {
  openCode(CODE.toUpperCase());
  render(FollowRoot, { props: { relay: RELAY, open: () => demoPlatform("?scene=still&follow=view_only") } });
  await userEvent.click(await screen.findByRole("button", { name: "Remember in this browser…" }));
  expect(localStorage.length).toBe(0);
  await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Room 214");
  await userEvent.click(screen.getByRole("button", { name: "Remember" }));
  expect(rememberedAgents()).toEqual([{ name: "Room 214", code: CODE }]);
  await userEvent.click(await screen.findByRole("button", { name: "Forget Room 214" }));
  expect(localStorage.length).toBe(0);
  expect(screen.getByRole("button", { name: "Remember in this browser…" })).toBeTruthy();
});

test("a page that is not loaded over https says that it can unseal nothing", () => {
  vi.stubGlobal("isSecureContext", false);
  render(CodeScreen, { props: { onfollow: vi.fn() } });
  expect(screen.getByText(/not loaded over https/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Follow" }).getAttribute("aria-disabled")).toBe("true");
  vi.unstubAllGlobals();
});

test("a code that came with a link is followed at once; leaving forgets it and asks for another", async () => {
  openCode(CODE);
  const open = vi.fn(() => demoPlatform("?scene=still&follow=view_only"));
  render(FollowRoot, { props: { relay: RELAY, open } });
  expect(await screen.findByRole("heading", { name: "Followed sessions" })).toBeTruthy();
  expect(open).toHaveBeenCalledWith(expect.objectContaining({ kind: "view_only" }), RELAY);
  const agent = screen.getByRole("region", { name: "Followed agent" });
  expect(within(agent).getByRole("status").textContent).toContain("Live");
  expect(agent.textContent).toContain("3 viewers");
  expect(agent.textContent).toContain("This is a view-only code");
  await userEvent.click(within(agent).getByRole("button", { name: "Follow another" }));
  expect(await screen.findByRole("heading", { name: "Follow an experiment" })).toBeTruthy();
  expect(openedCode()).toBeNull();
});

test("a link without a valid code shows what is wrong with it", async () => {
  openCode("notacode");
  render(FollowRoot, { props: { relay: RELAY, open: vi.fn() } });
  expect(await screen.findByText(/^This is not a valid code\./)).toBeTruthy();
  expect((field() as HTMLTextAreaElement).value).toBe("notacode");
  expect(openedCode()).toBeNull();
});

/** The banner of a page that follows, in a state. */
function bannerIn(state: FollowState): { onleave: () => void } {
  const onleave = vi.fn();
  mounted(FollowBanner, { onleave }, "scene=still", () => ({
    following: { code: "user_id", relay: RELAY, state, watch: () => () => {}, close: () => {} },
  }));
  return { onleave };
}

const LONG_AGO = new Date(2025, 10, 30, 14, 5, 3);
const SINCE = new Date(new Date().setHours(14, 5, 3));

test.each<[FollowState, RegExp]>([
  [{ state: "absent", lastSeen_s: LONG_AGO.getTime() / 1000 }, /No agent is online for this code\. The relay saw it last on 30 Nov 2025, 14:05/],
  [{ state: "absent", lastSeen_s: null }, /No agent is online for this code\. The relay has not seen one yet/],
  [{ state: "silent", since: SINCE }, /No news since 14:05:03/],
  [{ state: "unreachable", since: SINCE, sendsAltered: false }, /The relay is unreachable since 14:05:03/],
  [{ state: "unreachable", since: LONG_AGO, sendsAltered: false }, /The relay is unreachable since 30 Nov 2025, 14:05\./],
  [{ state: "unreachable", since: SINCE, sendsAltered: true }, /The relay sends altered data since 14:05:03/],
  [{ state: "refused", refusal: versionsDiffer("0.1.0", "9.1.0") }, /This page is version 0\.1\.0, the agent is version 9\.1\.0/],
])("%o is said in words", async (state, words) => {
  bannerIn(state);
  expect((await screen.findByRole("status")).textContent).toMatch(words);
});

test("where nothing is wrong there is no banner, and where nothing more is tried another code can be entered", async () => {
  bannerIn({ state: "live", viewers: 1 });
  expect(screen.queryByRole("status")).toBeNull();
  const { onleave } = bannerIn({ state: "refused", refusal: versionsDiffer("0.1.0", "9.1.0") });
  await userEvent.click(screen.getByRole("button", { name: "Enter another code" }));
  expect(onleave).toHaveBeenCalledOnce();
});

const LIVE = "5e551000-0000-4000-8000-000000000004";

test("somebody with a view-only code sees the same, with the reason on what cannot be done, and how many look", async () => {
  mounted(SessionScreen, { session: LIVE }, "scene=still&follow=view_only");
  const pause = await screen.findByRole("button", { name: "Pause" });
  expect(pause.getAttribute("aria-disabled")).toBe("true");
  expect(pause.title).toContain("only the holder of the User ID can change something");
  expect(screen.getByText("Viewers").nextElementSibling?.textContent).toBe("3");
  expect(screen.queryByRole("button", { name: "Share" })).toBeNull();
});

test("an export of somebody elsewhere is asked for by name, not by path", async () => {
  mounted(SessionScreen, { session: LIVE }, "scene=still&follow=live");
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  const dialog = screen.getByRole("dialog");
  const name = within(dialog).getByRole("textbox", { name: "File" }) as HTMLInputElement;
  expect(name.value).toMatch(/^ATP titration.*\.csv$/);
  await userEvent.click(within(dialog).getByRole("radio", { name: /JSON Lines/ }));
  await waitFor(() => expect(name.value).toMatch(/\.jsonl$/));
  expect(within(dialog).queryByRole("button", { name: /Choose/ })).toBeNull();
});

test("a session that is deleted while it is looked at is said to be so, and what is on screen stays", async () => {
  const { app } = mounted(SessionScreen, { session: LIVE }, "scene=still&follow=live");
  await screen.findByRole("button", { name: "Pause" });
  app.hub.hand([{ event: "session_deleted", session: LIVE }]);
  expect(await screen.findByText("This session was deleted by its owner.")).toBeTruthy();
  expect(screen.getByRole("region", { name: "Trends" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "To the start" }));
  expect(app.route.screen).toBe("start");
});
