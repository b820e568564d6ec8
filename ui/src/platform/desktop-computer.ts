import { Channel } from "@tauri-apps/api/core";

import type { SessionId } from "../protocol/SessionId";
import { call, change } from "./desktop-calls";
import type { Computer } from "./platform";

/** What the host asks of the page (`src-tauri/src/wishes.rs`). */
type Wish = { wish: "show_session"; session: SessionId };

/** The computer that the window runs on. */
export function desktopComputer(): Computer {
  return {
    startsAtLogin: () => call("login_start"),
    setStartsAtLogin: (on) => call("login_start_set", { on }),
    testNotification: () => change("notification_test"),
    lookForUpdates: () => call("updates_look"),
    knownUpdates: () => call("updates_known"),
    openUpdatesPage: () => change("updates_open_page"),
    dataSize: () => call("data_folder_size"),
    shows: (session) => {
      // If this fails, the window is closing.
      change("window_shows", { session }).catch(() => {});
    },
    onShowSession: (listener) => {
      const channel = new Channel<Wish>();
      channel.onmessage = (wish) => listener(wish.session);
      change("window_wishes", { channel }).catch(() => {});
    },
  };
}
