import type { SharingStatus } from "../../protocol/SharingStatus";
import { counted, moment, timeOfDay } from "../../words";

/** How sharing goes, in a word or two. */
export const SHARING_WORDS: Record<SharingStatus["sharing"], string> = {
  off: "Not shared",
  connecting: "Calling the relay",
  online: "Shared",
  offline: "Relay unreachable",
  refused: "Refused by the relay",
};

/** How sharing goes, in a sentence, and what follows from it. */
export function sharingSentence(status: SharingStatus): { message: string; hint: string } {
  switch (status.sharing) {
    case "off":
      return { message: "Nothing leaves this computer.", hint: "" };
    case "connecting":
      return { message: `${status.relay} is being called since ${timeOfDay(status.since)}.`, hint: "" };
    case "online":
      return {
        message: `Through ${status.relay} since ${moment(status.since)}; ${counted(status.viewers, "viewer")} now.`,
        hint: "",
      };
    case "offline":
      return {
        message: `${status.reason.message} Nobody can follow since ${timeOfDay(status.since)}.`,
        hint: `${status.reason.hint} The next attempt is at ${timeOfDay(status.again_at)}. Measuring goes on.`,
      };
    case "refused":
      return {
        message: `${status.reason.message} Nobody can follow since ${timeOfDay(status.since)}.`,
        hint: `${status.reason.hint} ${status.again_at === null ? "It is not tried again by itself." : `The next attempt is at ${timeOfDay(status.again_at)}.`}`,
      };
  }
}
