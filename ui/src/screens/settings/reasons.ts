import type { App } from "../../app/app.svelte";

/** Why what belongs to the computer that SACMES runs on cannot be set from here; null where it can. */
export function whyNotHere(app: App): string | null {
  if (app.platform.computer) return null;
  return app.following?.following.inWindow
    ? "You are looking at an agent elsewhere. Go back to this computer to change what SACMES does here."
    : "A page in a browser cannot start with the computer, stay in its tray or reach you through its notifications. The SACMES app can, on the computer that it is installed on.";
}
