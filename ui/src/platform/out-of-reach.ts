// What somebody who follows from elsewhere cannot do, with the reason.

import type { Refusal } from "../protocol/Refusal";
import { NO_FOLDERS, NO_IDENTITY, NO_SHARING, VIEW_ONLY } from "../remote/refusals";
import type { Capabilities, Capability, Following, Identity, Sharing } from "./platform";

const cannot = (reason: string): Capability => ({ can: false, reason });

export function refused(message: string): Promise<never> {
  return Promise.reject({ code: "not_here", message, hint: "" } satisfies Refusal);
}

/** What the holder of a code can do from elsewhere. */
export function capabilitiesWith(code: Following["code"]): Capabilities {
  return {
    control: code === "user_id" ? { can: true } : cannot(VIEW_ONLY),
    folders: cannot(NO_FOLDERS),
    identity: cannot(NO_IDENTITY),
    sharing: cannot(NO_SHARING),
  };
}

/** The parts of a host that stay on the computer that records. */
export const outOfReach: {
  identity: Identity;
  sharing: Sharing;
  chooseFolder: () => Promise<never>;
  chooseFiles: () => Promise<never>;
} = {
  identity: {
    status: () => refused(NO_IDENTITY),
    copy: () => refused(NO_IDENTITY),
    consentToFile: () => refused(NO_IDENTITY),
    restore: () => refused(NO_IDENTITY),
  },
  sharing: {
    status: () => refused(NO_SHARING),
    turnOn: () => refused(NO_SHARING),
    turnOff: () => refused(NO_SHARING),
    renewViewOnlyCode: () => refused(NO_SHARING),
    renewUserId: () => refused(NO_SHARING),
  },
  chooseFolder: () => refused(NO_FOLDERS),
  chooseFiles: () => refused(NO_FOLDERS),
};
