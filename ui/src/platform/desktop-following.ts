// Following an agent elsewhere from the desktop window. The follower, its code and its files are in Rust; here is what it tells.

import { Channel } from "@tauri-apps/api/core";

import type { Event } from "../protocol/Event";
import type { Query } from "../protocol/Query";
import type { Refusal } from "../protocol/Refusal";
import type { FollowState } from "../remote/follower";
import { NO_FOLDERS } from "../remote/refusals";
import { ownVersions } from "../remote/versions";
import { readColumns } from "./columns";
import { call, change } from "./desktop-calls";
import { capabilitiesWith, outOfReach, refused } from "./out-of-reach";
import type { AnswerTo, AppInfo, Elsewhere, FollowedAgent, Following, Platform, RememberedAgent } from "./platform";
import { toRefusal } from "./platform";

/** What is followed, as the host tells it (`src-tauri/src/following/followed.rs`). */
interface About {
  /** By which it is named here. */
  followed: string;
  name: string;
  access: Following["code"];
  relay: string;
}

/** How it goes, as the host tells it (`src-tauri/src/following/told.rs`). */
export type ToldState =
  | { state: "connecting" }
  | { state: "absent"; last_seen_ms: number | null }
  | { state: "live"; viewers: number | null }
  | { state: "silent"; since_ms: number }
  | { state: "unreachable"; since_ms: number; sends_altered: boolean; refusal: Refusal | null }
  | { state: "refused"; refusal: Refusal };

export type Told =
  | { told: "events"; events: Event[] }
  | { told: "anew" }
  | { told: "state"; state: ToldState }
  | { told: "ended" };

interface Subscriber {
  listener: (events: Event[]) => void;
  anew: () => void;
}

export function desktopElsewhere(): Elsewhere {
  return {
    remembered: () => call("agents_remembered"),
    forget: (agent) => change("agents_forget", { agent }),
    follow: async (code, relay, name) => followed(await call<About>("follow_code", { code, relay, name })),
    followRemembered: async (agent) => followed(await call<About>("follow_remembered", { agent })),
  };
}

function followed(about: About): FollowedAgent {
  return {
    platform: followedPlatform(about),
    remember: (name, inFile) =>
      call<RememberedAgent>("followed_remember", { followed: about.followed, name, inFile }),
  };
}

function followedPlatform({ followed, name, access, relay }: About): Platform & { following: Following } {
  const subscribers = new Set<Subscriber>();
  const watchers = new Set<() => void>();
  let state: FollowState = { state: "connecting" };
  let hasBegun: () => void = () => {};
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));
  let hasEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => (hasEnded = resolve));

  const show = (next: FollowState): void => {
    state = next;
    if (next.state === "live") hasBegun();
    for (const watcher of watchers) watcher();
  };
  const take = (told: Told): void => {
    switch (told.told) {
      case "events":
        for (const { listener } of subscribers) listener(told.events);
        break;
      case "anew":
        for (const { anew } of subscribers) anew();
        break;
      case "state":
        show(stateOf(told.state));
        break;
      case "ended":
        hasEnded();
    }
  };

  const channel = new Channel<Told[]>();
  channel.onmessage = (batch) => {
    try {
      batch.forEach(take);
    } finally {
      // Until the host knows that a batch was taken it sends only a few more. If this fails, the window is closing.
      call("followed_received", { channel: channel.id }).catch(() => {});
    }
  };
  change("followed_subscribe", { followed, channel }).catch((thrown: unknown) =>
    show({ state: "refused", refusal: toRefusal(thrown) }),
  );

  return {
    ...outOfReach,
    capabilities: capabilitiesWith(access),
    following: {
      code: access,
      relay,
      inWindow: { name, ended },
      get state() {
        return state;
      },
      watch: (watcher) => {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
      close: () => {
        channel.onmessage = () => {};
        change("followed_end", { followed }).catch(() => {});
      },
    },
    query: <Q extends Query>(query: Q) => call<AnswerTo<Q["query"]>>("followed_query", { followed, query }),
    columns: async (query) => readColumns(await call<ArrayBuffer>("followed_columns", { followed, query })),
    command: (command) => call("followed_command", { followed, id: crypto.randomUUID(), command }),
    subscribe: async (listener, anew = () => {}) => {
      const subscriber = { listener, anew };
      subscribers.add(subscriber);
      // Only what is asked once the agent has answered is not older than what is told from now on.
      await begun;
      return () => subscribers.delete(subscriber);
    },
    chooseDestination: (suggestedName) => call("followed_destination", { followed, suggestedName }),
    // What was exported lies on this computer; everything else does not.
    reveal: (path) => (path === "" ? refused(NO_FOLDERS) : change("reveal", { path })),
    appInfo: async (): Promise<AppInfo> => ({
      version: ownVersions().program,
      profile: "",
      data_folder: "",
      computer: "",
      desktop: true,
    }),
  };
}

function stateOf(told: ToldState): FollowState {
  switch (told.state) {
    case "absent":
      return { state: "absent", lastSeen_s: told.last_seen_ms === null ? null : Math.floor(told.last_seen_ms / 1000) };
    case "silent":
      return { state: "silent", since: new Date(told.since_ms) };
    case "unreachable": {
      const { since_ms, sends_altered: sendsAltered, refusal } = told;
      return { state: "unreachable", since: new Date(since_ms), sendsAltered, ...(refusal ? { refusal } : {}) };
    }
    default:
      return told;
  }
}
