import { Channel } from "@tauri-apps/api/core";

import type { Event } from "../protocol/Event";
import type { Query } from "../protocol/Query";
import { readColumns } from "./columns";
import { bindTo, call, change } from "./desktop-calls";
import { desktopComputer } from "./desktop-computer";
import { desktopElsewhere } from "./desktop-following";
import { desktopProfiles } from "./desktop-profiles";
import { keepFor } from "./kept-for-profile";
import type { AnswerTo, Arrival, Platform } from "./platform";

/**
 * The desktop window's page, for the profile that the window uses. Whatever it asks is bound to that: where another profile is used, the
 * host has a page loaded for it, and refuses what this one still asks.
 */
export async function openDesktop(): Promise<Platform> {
  const { opening, profile } = await call<{ opening: string; profile: string }>("profile_current");
  bindTo(opening);
  if (keepFor(profile)) {
    // What the page remembers was read already: as it was for another profile.
    location.reload();
    await new Promise(() => {});
  }
  return desktopPlatform();
}

/** The desktop window: everything goes through the Tauri plugin `sacmes` to the engine in the same process. */
export function desktopPlatform(): Platform {
  return {
    capabilities: { control: { can: true }, folders: { can: true }, identity: { can: true }, sharing: { can: true } },
    following: null,
    elsewhere: desktopElsewhere(),
    preferences: {
      read: () => call("preferences"),
      keep: (preferences) => change("preferences_keep", { preferences }),
    },
    computer: desktopComputer(),
    profiles: desktopProfiles(),
    query: <Q extends Query>(query: Q) => call<AnswerTo<Q["query"]>>("engine_query", { query }),
    columns: async (query) => readColumns(await call<ArrayBuffer>("engine_columns", { query })),
    command: (command) => call("engine_command", { id: crypto.randomUUID(), command }),
    subscribe: async (listener) => {
      const channel = new Channel<Event[]>();
      channel.onmessage = (events) => {
        try {
          listener(events);
        } finally {
          // Until the engine knows that a batch was taken it sends only a few more. If this fails, the window is closing.
          call("engine_received", { channel: channel.id }).catch(() => {});
        }
      };
      await call<null>("engine_subscribe", { channel });
      return () => {
        // The engine's side lives as long as the window; only this listener is let go.
        channel.onmessage = () => {};
      };
    },
    identity: {
      status: () => call("identity_status"),
      copy: (which) => call("identity_copy", { which }),
      consentToFile: () => call("identity_consent_to_file"),
      restore: (text) => call("identity_restore", { text }),
    },
    sharing: {
      status: () => call("sharing_status"),
      turnOn: (relay, token) => change("sharing_on", { relay, token }),
      turnOff: () => change("sharing_off"),
      renewViewOnlyCode: () => change("sharing_renew_view_only_code"),
      renewUserId: (old) => change("sharing_renew_user_id", { old }),
    },
    chooseFolder: () => call("choose_folder"),
    chooseFiles: () => call("choose_files"),
    arriving: async (listener) => {
      const channel = new Channel<Arrival>();
      channel.onmessage = listener;
      await call<null>("files_arriving", { channel });
    },
    chooseDestination: (suggestedName) => call("choose_destination", { suggestedName }),
    reveal: (path) => call("reveal", { path }),
    appInfo: () => call("app_info"),
  };
}
