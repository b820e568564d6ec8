import type { FollowState } from "../../remote/follower";
import { CODE_RENEWED } from "../../remote/refusals";
import type { Following } from "../platform";

const SINCE = new Date(2025, 5, 12, 14, 5, 3);

/** What `?follow=` shows: the page of somebody who follows this agent from elsewhere. */
const SHOWN: Record<string, FollowState> = {
  live: { state: "live", viewers: 3 },
  view_only: { state: "live", viewers: 3 },
  connecting: { state: "connecting" },
  absent: { state: "absent", lastSeen_s: SINCE.getTime() / 1000 },
  silent: { state: "silent", since: SINCE },
  unreachable: { state: "unreachable", since: SINCE, sendsAltered: false },
  refused: { state: "refused", refusal: CODE_RENEWED },
};

/** Following as `?follow=` asks for it; null where the window is that of the agent's own computer. */
export function demoFollowing(shown: string | null): Following | null {
  const state = SHOWN[shown ?? ""];
  if (!state) return null;
  return {
    code: shown === "view_only" ? "view_only" : "user_id",
    relay: "https://relay.example.org",
    state,
    watch: () => () => {},
    close: () => {},
  };
}
