import type { SharingStatus } from "../../protocol/SharingStatus";
import type { Sharing } from "../platform";

const SINCE = "2025-06-12T09:30:00Z";

/** What `?sharing=` shows at the start. */
const SHOWN: Record<string, SharingStatus> = {
  connecting: { sharing: "connecting", relay: "https://relay.example.org", since: SINCE },
  online: { sharing: "online", relay: "https://relay.example.org", since: SINCE, viewers: 3 },
  offline: {
    sharing: "offline", relay: "https://relay.example.org", since: SINCE, again_at: "2025-06-12T09:41:00Z",
    reason: { code: "relay_unreachable", message: "relay.example.org does not answer.", hint: "Check the network." },
  },
  refused: {
    sharing: "refused", relay: "https://relay.example.org", since: SINCE, again_at: "2025-06-12T09:41:00Z",
    reason: {
      code: "in_use",
      message: "This User ID is in use by another running app on lab-pc-7.",
      hint: "Quit it there, or use another profile here.",
    },
  },
};

/** Sharing in memory: nothing leaves the page. */
export function demoSharing(shown: string | null, renewed: (which: "view_only_code" | "user_id") => void): Sharing {
  let status: SharingStatus = SHOWN[shown ?? ""] ?? { sharing: "off", relay: null };
  return {
    status: async () => status,
    turnOn: async (relay) => {
      status = { sharing: "online", relay, since: new Date().toISOString(), viewers: 0 };
    },
    turnOff: async () => {
      status = { sharing: "off", relay: status.relay };
    },
    renewViewOnlyCode: async () => renewed("view_only_code"),
    renewUserId: async () => renewed("user_id"),
  };
}
