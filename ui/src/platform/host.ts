import { isTauri } from "@tauri-apps/api/core";

import type { Platform } from "./platform";

/** The host that this page runs in. */
export async function openPlatform(): Promise<Platform> {
  if (isTauri()) return (await import("./desktop")).desktopPlatform();
  if (__HAS_DEMO__) return (await import("./demo/platform")).demoPlatform();
  return (await import("./browser")).browserPlatform();
}
