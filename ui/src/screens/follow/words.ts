import type { FollowState } from "../../remote/follower";

/** How following goes, in a word or two. */
export const FOLLOW_WORDS: Record<FollowState["state"], string> = {
  connecting: "Connecting",
  absent: "No agent online",
  live: "Live",
  silent: "No news",
  unreachable: "Relay unreachable",
  refused: "Refused",
};
