import type { Refusal } from "../protocol/Refusal";
import type { Platform } from "./platform";

const NOT_CONNECTED: Refusal = {
  code: "not_connected",
  message: "This page is not connected to an agent.",
  hint: "Open SACMES on the computer that records the experiment.",
};

const refused = (): Promise<never> => Promise.reject(NOT_CONNECTED);
const cannot = { can: false, reason: NOT_CONNECTED.message } as const;

/** A browser without a connection: it says so to whatever is asked. */
export function browserPlatform(): Platform {
  return {
    capabilities: { control: cannot, folders: cannot, identity: cannot },
    query: refused,
    columns: refused,
    command: refused,
    subscribe: refused,
    identity: { status: refused, copy: refused, consentToFile: refused, restore: refused },
    chooseFolder: refused,
    chooseFiles: refused,
    chooseDestination: refused,
    reveal: refused,
    appInfo: () => Promise.resolve({ version: "", profile: "", data_folder: "", computer: "", desktop: false }),
  };
}
