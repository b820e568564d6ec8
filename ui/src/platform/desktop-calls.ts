import { invoke } from "@tauri-apps/api/core";

import { toRefusal } from "./platform";

/** Calls a command of the app's plugin. */
export async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(`plugin:sacmes|${command}`, args);
  } catch (thrown) {
    throw toRefusal(thrown);
  }
}

/** A command whose answer says nothing more than that it was done. */
export async function change(command: string, args: Record<string, unknown> = {}): Promise<void> {
  await call(command, args);
}
