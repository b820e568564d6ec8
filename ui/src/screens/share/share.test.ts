import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Sharing } from "../../platform/platform";
import type { SharingStatus } from "../../protocol/SharingStatus";
import { mounted } from "../../testing/mounted";
import Profile from "../frame/Profile.svelte";
import { isGoodForBrowsers, viewOnlyLink } from "./link";
import ShareDialog from "./ShareDialog.svelte";
import { sharingSentence } from "./words";

const RELAY = "https://relay.example.org";
const CODE = "04003kq8yv5hsneztwrtf1k0czbd7rjbbxq5qvcnrkvfsye30a7r39abc21zxjg";

function shown(scene: string, change: (demo: Sharing) => Partial<Sharing> = () => ({})): ReturnType<typeof mounted> {
  return mounted(ShareDialog, { onclose: () => {} }, `scene=still&${scene}`, (demo) => ({
    sharing: { ...demo.sharing, ...change(demo.sharing) },
  }));
}

test("sharing is off until it is turned on, after plain words about what leaves the computer and who can do what", async () => {
  const turnOn = vi.fn();
  const { app } = shown("", (demo) => ({
    turnOn: (relay, token) => {
      turnOn(relay, token);
      return demo.turnOn(relay, token);
    },
  }));
  const dialog = screen.getByRole("dialog", { name: "Share" });
  expect(await within(dialog).findByText(/Nothing leaves this computer/)).toBeTruthy();
  expect(dialog.textContent).toMatch(/everything that is measured, and the names of sessions and files/);
  expect(dialog.textContent).toMatch(/the relay, which passes it on, cannot read or alter it/);
  expect(dialog.textContent).toMatch(/Who has the view-only code can look/);
  expect(dialog.textContent).toMatch(/Who has the User ID can also steer/);
  const button = within(dialog).getByRole("button", { name: "Turn on sharing" });
  await waitFor(() => expect(button.title).toBe("Enter the address of the relay first."));
  await userEvent.click(button);
  expect(turnOn).not.toHaveBeenCalled();
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Relay" }), RELAY);
  await userEvent.click(button);
  expect(turnOn).toHaveBeenCalledExactlyOnceWith(RELAY, null);
  await waitFor(() => expect(app.sharing.status).toMatchObject({ sharing: "online", relay: RELAY }));
  expect((await within(dialog).findByRole("status")).textContent).toContain("Shared.");
});

test("what speaks against sharing is said, and it stays off", async () => {
  const refusal = { code: "not_an_address", message: "“x” is not the address of a relay.", hint: "It looks like https://relay.example.org." };
  const { app } = shown("", () => ({ turnOn: () => Promise.reject(refusal) }));
  await userEvent.type(await screen.findByRole("textbox", { name: "Relay" }), "x");
  await userEvent.click(screen.getByRole("button", { name: "Turn on sharing" }));
  expect((await screen.findByRole("alert")).textContent).toContain("is not the address of a relay");
  expect(app.sharing.status?.sharing).toBe("off");
});

test("the link and the codes are copied; the User ID is not on screen and in no link", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { clipboard: { writeText } }));
  shown("sharing=online");
  const link = (await screen.findByRole("textbox", { name: "Link" })) as HTMLInputElement;
  expect(link.value).toBe(`${RELAY}/#${CODE}`);
  await userEvent.click(screen.getByRole("button", { name: "Copy link" }));
  await waitFor(() => expect(writeText).toHaveBeenCalledWith(link.value));
  expect(screen.getByRole("button", { name: /View-only code/ })).toBeTruthy();
  expect(screen.getByRole("dialog").innerHTML).not.toContain("9a7e-2f4b8d6c1a35");
  vi.unstubAllGlobals();
});

test.each([
  ["Renew the view-only code…", "renewViewOnlyCode", /sent away at once, and need the new one\. Those with the User ID notice nothing/],
  ["Renew the User ID…", "renewUserId", /Everybody must get the new User ID/],
] as const)("%s tells the consequences first", async (name, method, consequence) => {
  const renew = vi.fn();
  const { app } = shown("sharing=online", (demo) => ({
    [method]: () => {
      renew();
      return method === "renewUserId" ? demo.renewUserId("given_up") : demo.renewViewOnlyCode();
    },
  }));
  const before = app.identity.status;
  await userEvent.click(await screen.findByRole("button", { name }));
  expect(screen.getByRole("dialog").textContent).toMatch(consequence);
  await userEvent.click(screen.getByRole("button", { name: "Keep it" }));
  expect(renew).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name }));
  await userEvent.click(screen.getByRole("button", { name: "Renew" }));
  await waitFor(() => expect(app.identity.status).not.toEqual(before));
  expect(renew).toHaveBeenCalledOnce();
  expect(await screen.findByRole("button", { name })).toBeTruthy();
});

test.each<[string, string, RegExp]>([
  ["online", "given_up", /Everybody must get the new User ID/],
  ["refused", "stays_in_use", /Those who follow the other computer notice\s+nothing/],
])("a User ID that is renewed while sharing is %s: the old one is %s unless that is changed", async (sharing, old, consequence) => {
  const renewUserId = vi.fn(async () => {});
  shown(`sharing=${sharing}`, () => ({ renewUserId }));
  await userEvent.click(await screen.findByRole("button", { name: "Renew the User ID…" }));
  expect(screen.getByRole("dialog").textContent).toMatch(consequence);
  await userEvent.click(screen.getByRole("button", { name: "Renew" }));
  await waitFor(() => expect(renewUserId).toHaveBeenCalledWith(old));
});

test("sharing is turned off with a click, and the relay is proposed again", async () => {
  const { app } = shown("sharing=online");
  await userEvent.click(await screen.findByRole("button", { name: "Turn off sharing" }));
  await waitFor(() => expect(app.sharing.status).toEqual({ sharing: "off", relay: RELAY }));
  const relay = (await screen.findByRole("textbox", { name: "Relay" })) as HTMLInputElement;
  await waitFor(() => expect(relay.value).toBe(RELAY));
});

const SINCE = "2025-06-12T09:30:00Z";
const REASON = { code: "x", message: "It does not answer.", hint: "Check the network." };

test.each<[SharingStatus, RegExp]>([
  [{ sharing: "off", relay: null }, /Nothing leaves this computer/],
  [{ sharing: "connecting", relay: RELAY, since: SINCE }, /relay\.example\.org is being called since/],
  [{ sharing: "online", relay: RELAY, since: SINCE, viewers: 1 }, /Through .* 1 viewer now/],
  [{ sharing: "offline", relay: RELAY, since: SINCE, reason: REASON, again_at: SINCE }, /does not answer\. Nobody can follow since .* next attempt/],
  [{ sharing: "refused", relay: RELAY, since: SINCE, reason: REASON, again_at: null }, /not tried again by itself/],
])("%o is said in words", (status, words) => {
  const { message, hint } = sharingSentence(status);
  expect(`${message} ${hint}`).toMatch(words);
});

test("the profile shows whether it is shared and how many look", async () => {
  const { app } = mounted(Profile, { onhide: () => {} }, "scene=still&sharing=online");
  expect(await screen.findByText("Shared, 3 viewers")).toBeTruthy();
  app.hub.hand([{ event: "viewers", count: 4 }]);
  expect(await screen.findByText("Shared, 4 viewers")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Share" }));
  expect(screen.getByRole("dialog", { name: "Share" })).toBeTruthy();
});

test("a link is for browsers only where they can unseal something", () => {
  expect(viewOnlyLink(`${RELAY}/`, "abc")).toBe(`${RELAY}/#abc`);
  expect(isGoodForBrowsers(RELAY)).toBe(true);
  expect(isGoodForBrowsers("http://localhost:8080")).toBe(true);
  expect(isGoodForBrowsers("http://192.168.1.7:8080")).toBe(false);
  expect(isGoodForBrowsers("relay")).toBe(false);
});
