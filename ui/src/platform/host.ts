import { isTauri } from "@tauri-apps/api/core";

import type { Platform } from "./platform";

/** The host that this page runs in; null in a browser, where a code has to be given first. */
export async function openPlatform(): Promise<Platform | null> {
  if (isTauri()) return (await import("./desktop")).openDesktop();
  // The demo shows the page that asks for a code under `?follow=code`.
  if (__HAS_DEMO__ && !location.search.includes("follow=code")) return (await import("./demo/platform")).demoPlatform();
  return null;
}
