import type { Computer, Preferences, PreferencesHost, UpdatesFound } from "../platform";

const NEWER: UpdatesFound = {
  updates: "newer",
  version: "0.2.0",
  page: "https://sacmes.example.org/0.2.0",
  notes: "Reads files of two more instruments.",
};

const UNREADABLE = {
  code: "preferences_unreadable",
  message: "The preferences in /home/ada/.local/share/sacmes/ada/preferences.json cannot be used: expected `,` at line 4.",
  hint: "The defaults hold. Change any preference to begin a new file; this one is kept beside it.",
};

/** A computer in memory. `?preferences=unreadable` and `?updates=newer` choose what is there. */
export function demoComputer(parameters: URLSearchParams): { preferences: PreferencesHost; computer: Computer } {
  let preferences: Preferences = {
    notifications: { stalled: true, electrode_failing: true, finished: true, relay_lost: true },
    stays_in_tray: true,
    updates: { check: false, address: parameters.get("updates") ? "https://sacmes.example.org/newest.json" : "" },
    look: { theme: "system", potential_from_right: false, current_unit: "auto", potential_unit: "auto" },
  };
  let trouble = parameters.get("preferences") === "unreadable" ? UNREADABLE : null;
  let isAtLogin = false;
  let found: UpdatesFound | null = parameters.get("updates") === "newer" ? NEWER : null;
  return {
    preferences: {
      read: async () => ({ value: preferences, trouble }),
      keep: async (kept) => {
        preferences = kept;
        trouble = null;
      },
    },
    computer: {
      startsAtLogin: async () => isAtLogin,
      setStartsAtLogin: async (on) => (isAtLogin = on),
      testNotification: async () => {},
      lookForUpdates: async () => (found = preferences.updates.address === "" ? { updates: "no_address" } : NEWER),
      knownUpdates: async () => found,
      openUpdatesPage: async () => {},
      dataSize: async () => 412_300_000,
      shows: () => {},
      onShowSession: () => {},
    },
  };
}
