import type { Following } from "../platform/platform";
import type { FollowState } from "../remote/follower";

/** How following an agent elsewhere goes, for whoever shows it. */
export class FollowingState {
  state: FollowState = $state.raw({ state: "connecting" });

  constructor(readonly following: Following) {
    this.state = following.state;
    following.watch(() => {
      this.state = following.state;
    });
  }

  get isViewOnly(): boolean {
    return this.following.code === "view_only";
  }
}
