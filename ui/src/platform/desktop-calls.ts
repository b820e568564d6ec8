import { invoke } from "@tauri-apps/api/core";

import { toRefusal } from "./platform";

/** The opening of a profile that this page is about; the host refuses what is asked of another. */
let opening: string | null = null;

/** Has the page's calls name the opening of a profile that the page is about. */
export function bindTo(id: string | null): void {
  opening = id;
}

/** Calls a command of the app's plugin. */
export async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    // A header, not an argument: it says whom the page talks for, whatever it asks.
    return await invoke<T>(`plugin:sacmes|${command}`, args, opening === null ? undefined : { headers: { "sacmes-profile": opening } });
  } catch (thrown) {
    throw toRefusal(thrown);
  }
}

/** A command whose answer says nothing more than that it was done. */
export async function change(command: string, args: Record<string, unknown> = {}): Promise<void> {
  await call(command, args);
}
