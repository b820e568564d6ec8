import type { App } from "../../app/app.svelte";
import type { ProfilesState } from "../../app/profiles.svelte";
import type { ProfileLine } from "../../platform/profiles";
import { isGoingOn } from "./going-on";

/** Switches at once where nothing goes on in the profile before; else asks what shall happen to that. */
export function switchTo(app: App, profiles: ProfilesState, line: ProfileLine): void {
  const isShared = app.sharing.status !== null && app.sharing.status.sharing !== "off";
  const isBusy = isShared || (app.sessions.sessions?.some(isGoingOn) ?? false);
  if (line.here !== "current" && isBusy) profiles.ask({ about: "switch", line });
  else void app.notices.attempt(() => profiles.use(line.name, "keep"));
}
