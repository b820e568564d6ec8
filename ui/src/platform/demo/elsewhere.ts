import type { Refusal } from "../../protocol/Refusal";
import { notACode } from "../../remote/refusals";
import type { Elsewhere, FollowedAgent, RememberedAgent } from "../platform";
import { demoPlatform } from "./platform";

const REMEMBERED: RememberedAgent[] = [
  { id: "a9e00000-0000-4000-8000-000000000001", name: "Potentiostat in room 214", relay: "https://relay.example.org", access: "user_id", kept_in: "keyring" },
  { id: "a9e00000-0000-4000-8000-000000000002", name: "Grace's flow cell", relay: "https://relay.example.org", access: "view_only", kept_in: "keyring" },
];

const NO_KEYRING: Refusal = {
  code: "keyring_absent",
  message: "The code cannot be kept: there is no keyring on this computer (no service answers on the session bus).",
  hint:
    "Unlock or set up a keyring and try again, or agree to keep it in a file that only you can read. Following works without that.",
};

/** Agents elsewhere in memory. With `keyring` "absent" a code can be kept in a file only. */
export function demoElsewhere(keyring: string | null): Elsewhere {
  let remembered = [...REMEMBERED];
  const follow = (name: string, access: RememberedAgent["access"]): FollowedAgent => {
    const platform = demoPlatform(`?scene=live&follow=${access === "user_id" ? "live" : "view_only"}`);
    const { following } = platform;
    if (!following) throw new Error("the demo follows nobody");
    const inWindow = { name, ended: new Promise<void>(() => {}) };
    return {
      platform: { ...platform, following: { ...following, inWindow } },
      remember: async (as, inFile) => {
        if (keyring === "absent" && !inFile) throw NO_KEYRING;
        const agent: RememberedAgent = {
          id: crypto.randomUUID(), name: as, relay: following.relay, access, kept_in: inFile ? "owner_only_file" : "keyring",
        };
        remembered = [...remembered, agent];
        return agent;
      },
    };
  };
  return {
    remembered: async () => remembered,
    forget: async (id) => {
      remembered = remembered.filter((agent) => agent.id !== id);
    },
    follow: async (code, _relay, name) => {
      if (code.trim() === "") throw notACode("empty");
      if (code.trim().length < 36) throw notACode("not_a_code");
      return follow(name, "user_id");
    },
    followRemembered: async (id) => {
      const agent = remembered.find((one) => one.id === id);
      if (!agent) throw { code: "agent_not_remembered", message: "This agent is not remembered any more.", hint: "" } satisfies Refusal;
      return follow(agent.name, agent.access);
    },
  };
}
