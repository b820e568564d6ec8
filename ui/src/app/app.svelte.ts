import { getContext, setContext } from "svelte";

import type { AppInfo, Platform } from "../platform/platform";
import type { SessionId } from "../protocol/SessionId";
import type { Lot } from "../protocol/Lot";
import type { Target } from "../screens/notes/about";
import { EventHub } from "../session/event-hub";
import { Notices } from "../session/notices.svelte";
import { Operations } from "../session/operations.svelte";
import { SessionList } from "../session/session-list.svelte";
import { UnsavedNotes } from "../screens/notes/unsaved";
import { Arrivals } from "./arrivals.svelte";
import { ElsewhereState } from "./elsewhere.svelte";
import { IdentityState } from "./identity.svelte";
import { PreferencesState } from "./preferences.svelte";
import { FollowingState } from "./following.svelte";
import { ProfilesState } from "./profiles.svelte";
import { SharingState } from "./sharing.svelte";
import { StoreTrouble } from "./store-trouble.svelte";

/** Which door of the start screen a new session came through. */
export type Door = "watch" | "open";

export type Route =
  | { screen: "start" }
  | { screen: "follow" }
  | { screen: "new_session"; door: Door; folder: string; files: readonly string[]; lot?: Lot }
  | { screen: "session"; session: SessionId; target?: Target }
  | { screen: "compare"; sessions: readonly SessionId[] }
  | { screen: "notes" }
  | { screen: "settings" };

/** What every screen shares: the host, the subscription, and where the user is. */
export class App {
  route: Route = $state.raw({ screen: "start" });
  info: AppInfo | null = $state.raw(null);

  readonly hub = new EventHub();
  readonly notices = new Notices();
  readonly unsaved = new UnsavedNotes();
  readonly operations: Operations;
  readonly sessions: SessionList;
  readonly identity: IdentityState;
  readonly storeTrouble: StoreTrouble;
  readonly arrivals: Arrivals;
  readonly sharing: SharingState;
  readonly preferences: PreferencesState;
  /** Null where the page shows another computer. */
  readonly profiles: ProfilesState | null;
  /** Null where the page does nothing but follow. */
  readonly elsewhere: ElsewhereState | null;
  /** Null where the agent is in this computer. */
  readonly following: FollowingState | null;

  private constructor(readonly platform: Platform) {
    this.operations = new Operations(this.hub, this.notices);
    this.sessions = new SessionList(platform, this.hub);
    this.identity = new IdentityState(platform.identity, platform.capabilities.identity.can);
    this.sharing = new SharingState(platform.sharing, this.identity, this.hub, platform.capabilities.sharing.can);
    this.following = platform.following && new FollowingState(platform.following);
    this.preferences = new PreferencesState(platform.preferences, this.notices);
    this.profiles = platform.profiles ? new ProfilesState(platform.profiles, this.notices) : null;
    this.elsewhere = platform.elsewhere ? new ElsewhereState(platform.elsewhere, this.notices) : null;
    this.storeTrouble = new StoreTrouble(this.hub);
    this.arrivals = new Arrivals(this);
  }

  /** Begins listening before anything is asked. */
  static open(platform: Platform): App {
    const app = new App(platform);
    app.hub.connect(platform).catch((thrown: unknown) => app.notices.failed(thrown));
    app.arrivals.listen();
    platform
      .appInfo()
      .then((info) => {
        app.info = info;
      })
      .catch((thrown: unknown) => app.notices.failed(thrown));
    return app;
  }

  go(route: Route): void {
    this.route = route;
  }
}

const KEY = Symbol("app");

export function provideApp(app: App): App {
  return setContext(KEY, app);
}

export function useApp(): App {
  return getContext<App>(KEY);
}
