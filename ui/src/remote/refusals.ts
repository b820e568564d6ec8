// What people read where following does not go on.

import type { Refusal } from "../protocol/Refusal";
import { moment, sinceWhen } from "../words";
import type { CodeFault } from "./codes";

export function notACode(fault: CodeFault): Refusal {
  if (fault === "empty") {
    return {
      code: "no_code",
      message: "No code was given.",
      hint: "Paste the User ID or the view-only code that you were given.",
    };
  }
  return {
    code: "not_a_code",
    message: "This is not a valid code.",
    hint: "Copy it once more as a whole: a User ID has 36 characters, a view-only code 63.",
  };
}

export const VIEW_ONLY = "This is a view-only code: it lets you look, and only the holder of the User ID can change something.";

export const NO_FOLDERS = "Folders and files of the computer that records can only be chosen there.";
export const NO_IDENTITY = "The User ID is kept on the computer that records.";
export const NO_SHARING = "Sharing is turned on and off on the computer that records.";

export function noAgent(lastSeen_s: number | null): Refusal {
  const seen =
    lastSeen_s === null
      ? "The relay has not seen one yet."
      : `The relay saw it last on ${moment(new Date(lastSeen_s * 1000).toISOString())}.`;
  return {
    code: "agent_absent",
    message: `No agent is online for this code. ${seen}`,
    hint: "SACMES must be running on the computer that records, with sharing turned on. This page goes on by itself as soon as it is.",
  };
}

export const CONNECTING: Refusal = {
  code: "connecting",
  message: "The relay is being called.",
  hint: "This takes a moment.",
};

export function unreachable(since: Date): Refusal {
  return {
    code: "relay_unreachable",
    message: `The relay is unreachable since ${sinceWhen(since)}.`,
    hint: "It is called again by itself; what is on screen stays.",
  };
}

export function altered(since: Date): Refusal {
  return {
    code: "altered_data",
    message: `The relay sends altered data since ${sinceWhen(since)}; none of it is shown.`,
    hint: "The connection is made anew. If this goes on, tell whoever runs the relay.",
  };
}

export function silent(since: Date): Refusal {
  return {
    code: "no_news",
    message: `No news since ${sinceWhen(since)}.`,
    hint: "The computer that records, or the way to it, does not answer; what is on screen stays.",
  };
}

export const CODE_RENEWED: Refusal = {
  code: "code_renewed",
  message: "This view-only code was renewed and is no longer valid.",
  hint: "Ask whoever gave it to you for the new one.",
};

export const RETIRED: Refusal = {
  code: "user_id_retired",
  message: "The User ID of this code was renewed: nobody can follow it any more.",
  hint: "Ask its owner for the new User ID or view-only code.",
};

export function versionsDiffer(own: string, other: string): Refusal {
  return {
    code: "versions_differ",
    message: `This page is version ${own}, the agent is version ${other}; they do not understand each other.`,
    hint: "Bring both to the same version: SACMES on the computer that records, and the relay that serves this page.",
  };
}

export function relayVersionDiffers(own: string): Refusal {
  return {
    code: "versions_differ",
    message: `This page is version ${own}, and the relay does not speak its version of the protocol.`,
    hint: "Reload the page; if it stays so, the relay must be brought up to date.",
  };
}

export const PROTOCOL_BROKEN: Refusal = {
  code: "relay_refused",
  message: "The relay and this page do not understand each other.",
  hint: "Reload the page; if it stays so, tell whoever runs the relay.",
};

export const OUTCOME_UNKNOWN: Refusal = {
  code: "outcome_unknown",
  message: "The connection was lost before an answer came: the command may or may not have been carried out.",
  hint: "Look at the session once it is shown live again, and repeat the command if it has had no effect.",
};

export const UNREADABLE_ANSWER: Refusal = {
  code: "unreadable_answer",
  message: "The agent sent an answer that this page cannot read.",
  hint: "Reload the page; if it happens again, page and agent are of different versions.",
};
