import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { Event } from "../protocol/Event";
import { desktopPlatform, openDesktop } from "./desktop";
import { bindTo } from "./desktop-calls";
import type { Preferences } from "./platform";

interface Call {
  command: string;
  args: Record<string, unknown>;
}

let calls: Call[];
let answer: (command: string) => unknown;

beforeEach(() => {
  calls = [];
  answer = () => null;
  mockIPC((command, args) => {
    calls.push({ command, args: args as Record<string, unknown> });
    return answer(command);
  });
});
afterEach(() => clearMocks());

test("what a page asks names the opening of the profile that it began with", async () => {
  localStorage.clear();
  const headers: unknown[] = [];
  const internals = (globalThis as unknown as { __TAURI_INTERNALS__: Record<string, unknown> }).__TAURI_INTERNALS__;
  internals.invoke = async (command: string, _args: unknown, options?: { headers?: unknown }) => {
    headers.push([command, options?.headers]);
    return command.endsWith("profile_current") ? { opening: "0b5c", profile: "Ada" } : null;
  };
  const platform = await openDesktop();
  await platform.query({ query: "sessions" });
  await platform.profiles?.use("Grace", "keep");
  const named = { "sacmes-profile": "0b5c" };
  expect(headers).toEqual([
    ["plugin:sacmes|profile_current", undefined],
    ["plugin:sacmes|engine_query", named],
    ["plugin:sacmes|profile_use", named],
  ]);
  bindTo(null);
});

const SESSION = "5e551000-0000-4000-8000-000000000001";

test("every call goes to the plugin of the app, with the arguments that it takes", async () => {
  const platform = desktopPlatform();
  await platform.query({ query: "sessions" });
  await platform.identity.status();
  await platform.identity.copy("view_only_code");
  await platform.identity.consentToFile();
  await platform.identity.restore("0b5c");
  await platform.sharing.status();
  await platform.sharing.turnOn("https://relay.example.org", null);
  await platform.sharing.turnOff();
  await platform.sharing.renewViewOnlyCode();
  await platform.sharing.renewUserId("given_up");
  await platform.chooseFolder();
  await platform.chooseFiles();
  await platform.chooseDestination("run.csv");
  await platform.reveal("/data");
  await platform.appInfo();
  expect(calls).toEqual([
    { command: "plugin:sacmes|engine_query", args: { query: { query: "sessions" } } },
    { command: "plugin:sacmes|identity_status", args: {} },
    { command: "plugin:sacmes|identity_copy", args: { which: "view_only_code" } },
    { command: "plugin:sacmes|identity_consent_to_file", args: {} },
    { command: "plugin:sacmes|identity_restore", args: { text: "0b5c" } },
    { command: "plugin:sacmes|sharing_status", args: {} },
    { command: "plugin:sacmes|sharing_on", args: { relay: "https://relay.example.org", token: null } },
    { command: "plugin:sacmes|sharing_off", args: {} },
    { command: "plugin:sacmes|sharing_renew_view_only_code", args: {} },
    { command: "plugin:sacmes|sharing_renew_user_id", args: { old: "given_up" } },
    { command: "plugin:sacmes|choose_folder", args: {} },
    { command: "plugin:sacmes|choose_files", args: {} },
    { command: "plugin:sacmes|choose_destination", args: { suggestedName: "run.csv" } },
    { command: "plugin:sacmes|reveal", args: { path: "/data" } },
    { command: "plugin:sacmes|app_info", args: {} },
  ]);
});

test("each command has an id of its own, so that it is carried out once", async () => {
  const platform = desktopPlatform();
  await platform.command({ command: "pause_session", session: SESSION });
  await platform.command({ command: "pause_session", session: SESSION });
  expect(calls.map(({ args }) => args.command)).toEqual([
    { command: "pause_session", session: SESSION },
    { command: "pause_session", session: SESSION },
  ]);
  expect(new Set(calls.map(({ args }) => args.id)).size).toBe(2);
});

test("columns are read from the bytes that come", async () => {
  const header = new TextEncoder().encode('{"rows":1,"columns":["kdm"],"about":null}');
  const buffer = new ArrayBuffer(Math.ceil((4 + header.length) / 8) * 8 + 8);
  new DataView(buffer).setUint32(0, header.length, true);
  new Uint8Array(buffer).set(header, 4);
  new DataView(buffer).setFloat64(buffer.byteLength - 8, 0.25, true);
  answer = () => buffer;
  const table = await desktopPlatform().columns({ query: "series", session: SESSION, after: 0 });
  expect([...table.column("kdm")]).toEqual([0.25]);
});

test("batches of events are handed on in order, and each is confirmed", async () => {
  const batches: Event[][] = [];
  await desktopPlatform().subscribe((events) => batches.push(events));
  const channel = calls[0]?.args.channel as { id: number };
  const send = (index: number, message: Event[]): void => {
    const { runCallback } = (globalThis as unknown as { __TAURI_INTERNALS__: { runCallback(id: number, data: unknown): void } })
      .__TAURI_INTERNALS__;
    runCallback(channel.id, { index, message });
  };
  const [first, second] = [[{ event: "viewers", count: 1 }], [{ event: "viewers", count: 2 }]] as [Event[], Event[]];
  send(1, second);
  send(0, first);
  expect(batches).toEqual([first, second]);
  expect(calls.slice(1)).toEqual([
    { command: "plugin:sacmes|engine_received", args: { channel: channel.id } },
    { command: "plugin:sacmes|engine_received", args: { channel: channel.id } },
  ]);
});

test("refusals come through as they are, and anything else as a refusal", async () => {
  const refusal = { code: "disk_full", message: "The disk is full.", hint: "Make room." };
  answer = () => Promise.reject(refusal);
  await expect(desktopPlatform().query({ query: "stats" })).rejects.toEqual(refusal);
  answer = () => Promise.reject("sacmes.reveal not allowed");
  await expect(desktopPlatform().reveal("/")).rejects.toMatchObject({
    code: "unexpected",
    message: expect.stringContaining("sacmes.reveal not allowed"),
  });
});

test("preferences and this computer are the app's own commands too", async () => {
  const { preferences, computer } = desktopPlatform();
  if (!preferences || !computer) throw new Error("the desktop has both");
  const value: Preferences = {
    notifications: { stalled: true, electrode_failing: true, finished: false, relay_lost: true },
    stays_in_tray: true,
    updates: { check: false, address: "" },
    look: { theme: "dark", potential_from_right: false, current_unit: "auto", potential_unit: "auto" },
  };
  await preferences.read();
  await preferences.keep(value);
  await computer.startsAtLogin();
  await computer.setStartsAtLogin(true);
  await computer.testNotification();
  await computer.lookForUpdates();
  await computer.knownUpdates();
  await computer.openUpdatesPage();
  await computer.dataSize();
  computer.shows(SESSION);
  expect(calls).toEqual([
    { command: "plugin:sacmes|preferences", args: {} },
    { command: "plugin:sacmes|preferences_keep", args: { preferences: value } },
    { command: "plugin:sacmes|login_start", args: {} },
    { command: "plugin:sacmes|login_start_set", args: { on: true } },
    { command: "plugin:sacmes|notification_test", args: {} },
    { command: "plugin:sacmes|updates_look", args: {} },
    { command: "plugin:sacmes|updates_known", args: {} },
    { command: "plugin:sacmes|updates_open_page", args: {} },
    { command: "plugin:sacmes|data_folder_size", args: {} },
    { command: "plugin:sacmes|window_shows", args: { session: SESSION } },
  ]);
});

test("a session whose notification was clicked is told to whoever listens", () => {
  const shown: string[] = [];
  desktopPlatform().computer?.onShowSession((session) => shown.push(session));
  const channel = calls[0]?.args["channel"] as { onmessage: (wish: unknown) => void };
  expect(calls[0]?.command).toBe("plugin:sacmes|window_wishes");
  channel.onmessage({ wish: "show_session", session: SESSION });
  expect(shown).toEqual([SESSION]);
});
