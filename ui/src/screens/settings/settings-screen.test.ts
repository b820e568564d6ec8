import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { look } from "../../design/look.svelte";
import type { Computer, Platform, Preferences, PreferencesHost } from "../../platform/platform";
import { mounted } from "../../testing/mounted";
import SettingsScreen from "./SettingsScreen.svelte";

afterEach(() => {
  look.keeper = null;
  look.take({});
  localStorage.clear();
});

interface Parts {
  computer?: Partial<Computer>;
  preferences?: Partial<PreferencesHost>;
  rest?: Partial<Platform>;
}

function shown(scene = "", { computer = {}, preferences = {}, rest = {} }: Parts = {}): ReturnType<typeof mounted> {
  return mounted(SettingsScreen, {}, `scene=still&${scene}`, (demo) => ({
    ...(demo.computer ? { computer: { ...demo.computer, ...computer } } : {}),
    ...(demo.preferences ? { preferences: { ...demo.preferences, ...preferences } } : {}),
    ...rest,
  }));
}

const section = (name: string): Promise<HTMLElement> => screen.findByRole("region", { name });

test("what is told by notifications is switched off one by one, and kept", async () => {
  const keep = vi.fn<(preferences: Preferences) => Promise<void>>().mockResolvedValue(undefined);
  shown("", { preferences: { keep } });
  const here = within(await section("On this computer"));
  const box = await here.findByRole<HTMLInputElement>("checkbox", { name: "A session is finished" });
  expect(box.checked).toBe(true);
  await userEvent.click(box);
  await waitFor(() => expect(box.checked).toBe(false));
  await userEvent.click(here.getByRole("checkbox", { name: /^Closing the window keeps/ }));
  await waitFor(() => expect(keep).toHaveBeenCalledTimes(2));
  expect(keep.mock.calls[1]?.[0]).toMatchObject({
    notifications: { stalled: true, electrode_failing: true, finished: false, relay_lost: true },
    stays_in_tray: false,
  });
});

test("a preference that cannot be kept goes back to what holds, and that is said", async () => {
  const refusal = { code: "preferences_not_kept", message: "The preferences could not be written: disk full.", hint: "Make room." };
  const { app } = shown("", { preferences: { keep: () => Promise.reject(refusal) } });
  const box = await within(await section("On this computer")).findByRole<HTMLInputElement>("checkbox", { name: "A session has stalled" });
  await userEvent.click(box);
  await waitFor(() => expect(app.notices.list[0]?.message).toContain("disk full"));
  await waitFor(() => expect(box.checked).toBe(true));
});

test("a file of preferences that cannot be read is named, and the defaults hold", async () => {
  shown("preferences=unreadable");
  const here = await section("On this computer");
  await waitFor(() => expect(here.textContent).toContain("preferences.json cannot be used"));
  expect(within(here).getByRole<HTMLInputElement>("checkbox", { name: "A session is finished" }).checked).toBe(true);
});

test("starting at login shows what the system says, also where it refuses", async () => {
  const refusal = { code: "start_at_login_failed", message: "Starting at login could not be changed: read-only.", hint: "Look into the settings." };
  shown("", { computer: { startsAtLogin: async () => false, setStartsAtLogin: () => Promise.reject(refusal) } });
  const here = within(await section("On this computer"));
  const box = await here.findByRole<HTMLInputElement>("checkbox", { name: "Start SACMES when I log in" });
  await waitFor(() => expect(box.disabled).toBe(false));
  expect(box.checked).toBe(false);
  await userEvent.click(box);
  expect((await here.findByRole("alert")).textContent).toContain("read-only");
  expect(box.checked).toBe(false);
});

test("starting at login is turned on", async () => {
  const setStartsAtLogin = vi.fn(async (on: boolean) => on);
  shown("", { computer: { setStartsAtLogin } });
  const box = await within(await section("On this computer")).findByRole<HTMLInputElement>("checkbox", { name: "Start SACMES when I log in" });
  await waitFor(() => expect(box.disabled).toBe(false));
  await userEvent.click(box);
  await waitFor(() => expect(box.checked).toBe(true));
  expect(setStartsAtLogin).toHaveBeenCalledExactlyOnceWith(true);
});

test("a test notification is asked of the desktop, and a desktop that shows none is told", async () => {
  const refusal = { code: "notifications_unavailable", message: "This desktop shows no notifications: nobody answers.", hint: "" };
  const { app } = shown("", { computer: { testNotification: () => Promise.reject(refusal) } });
  await userEvent.click(await screen.findByRole("button", { name: "Show a test notification" }));
  await waitFor(() => expect(app.notices.list[0]?.message).toContain("shows no notifications"));
});

test("newer versions are looked for on demand; a build without an address says so", async () => {
  shown();
  const here = within(await section("On this computer"));
  await userEvent.click(await here.findByRole("button", { name: "Look now" }));
  expect(await here.findByText(/This build has no address/)).toBeTruthy();
  expect(here.getByRole<HTMLInputElement>("checkbox", { name: /^Look for newer versions/ }).checked).toBe(false);
});

test("a newer version is told with its page, which the host opens", async () => {
  const openUpdatesPage = vi.fn().mockResolvedValue(undefined);
  shown("updates=newer", { computer: { openUpdatesPage } });
  const here = within(await section("On this computer"));
  expect(await here.findByText("SACMES 0.2.0 can be had.")).toBeTruthy();
  await userEvent.click(here.getByRole("button", { name: "Open its page" }));
  expect(openUpdatesPage).toHaveBeenCalledOnce();
});

test("the look is chosen at once, here and in the profile, and the page's root says it", async () => {
  const keep = vi.fn<(preferences: Preferences) => Promise<void>>().mockResolvedValue(undefined);
  shown("", { preferences: { keep } });
  const here = within(await section("Look"));
  await here.findByText(/Kept with this profile/);
  await userEvent.click(here.getByRole("radio", { name: "Dark" }));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  await userEvent.click(here.getByRole("radio", { name: "Right to left (polarographic)" }));
  await userEvent.selectOptions(here.getByRole("combobox", { name: "Unit of currents" }), "nA");
  expect(look.now).toEqual({
    theme: "dark", potential_from_right: true, current_unit: "nanoampere", potential_unit: "auto",
  });
  await waitFor(() => expect(keep.mock.lastCall?.[0].look).toEqual(look.now));
  await userEvent.click(here.getByRole("radio", { name: "As the system is" }));
  expect(document.documentElement.dataset["theme"]).toBe("light");
});

test("the profile's look holds from the start", async () => {
  const value: Preferences = {
    notifications: { stalled: true, electrode_failing: true, finished: true, relay_lost: true },
    stays_in_tray: true,
    updates: { check: false, address: "" },
    look: { theme: "dark", potential_from_right: true, current_unit: "auto", potential_unit: "millivolt" },
  };
  shown("", { preferences: { read: async () => ({ value, trouble: null }) } });
  await waitFor(() => expect(look.now).toEqual(value.look));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
});

test("relay and sharing are told with address, state, last error and how many look", async () => {
  shown("sharing=offline");
  const here = await section("Relay and sharing");
  await waitFor(() => expect(here.textContent).toContain("Relay unreachable. relay.example.org does not answer."));
  expect(here.textContent).toContain("https://relay.example.org");
  expect(here.textContent).toContain("Nobody can");
  expect(within(here).getByRole("button", { name: "Turn off sharing" })).toBeTruthy();
});

test("codes are renewed from the settings, after a question that can be left", async () => {
  shown("sharing=online");
  const here = within(await section("Relay and sharing"));
  await userEvent.click(await here.findByRole("button", { name: "Renew the User ID…" }));
  const dialog = await screen.findByRole("dialog", { name: "Renew the User ID?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Keep it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("data is told with its folder and size, and the folder is opened", async () => {
  const reveal = vi.fn().mockResolvedValue(undefined);
  shown("", { rest: { reveal } });
  const here = await section("Data");
  await waitFor(() => expect(here.textContent).toContain("412\u202fMB"));
  expect(here.textContent).toContain("/home/ada/.local/share/sacmes/ada");
  await userEvent.click(within(here).getByRole("button", { name: "Open the folder" }));
  expect(reveal).toHaveBeenCalledExactlyOnceWith("/home/ada/.local/share/sacmes/ada");
});

test("version, licence and citation are there, and the citation is copied", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { clipboard: { writeText } }));
  shown();
  const here = within(await section("About SACMES"));
  expect(await here.findByText("0.1.0")).toBeTruthy();
  await userEvent.click(here.getByRole("button", { name: "Copy the citation" }));
  expect(writeText.mock.calls[0]?.[0]).toMatch(/Anal\. Chem\. 2019, 91 \(19\), 12321–12328\. .*10\.1021\/acs\.analchem\.9b02553/);
  vi.unstubAllGlobals();
});

test("a page in a browser says of everything that it cannot set why", async () => {
  shown("follow=view_only");
  expect((await section("On this computer")).textContent).toMatch(/A page in a browser cannot start with the computer/);
  expect((await section("Relay and sharing")).textContent).toContain("turned on and off on the computer that records");
  const folder = within(await section("Data")).getByRole("button", { name: "Open the folder" });
  expect(folder.title).toContain("can only be chosen there");
  const here = within(await section("Look"));
  expect(await here.findByText(/Kept in this\s+browser/)).toBeTruthy();
  await userEvent.click(here.getByRole("radio", { name: "Dark" }));
  expect(JSON.parse(localStorage.getItem("sacmes.look") ?? "{}")).toMatchObject({ theme: "dark" });
});
