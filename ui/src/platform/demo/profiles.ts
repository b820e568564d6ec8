import type { Refusal } from "../../protocol/Refusal";
import type { ProfileLine, Profiles } from "../profiles";

const MB = 1_000_000;

function line(name: string, change: Partial<ProfileLine>): ProfileLine {
  return {
    name, folder: `/home/ada/.local/share/sacmes/profiles/${name}`, in_use_by: null, bytes: 0, sessions: 0, running: 0, notes: 0,
    remembered_agents: 0, last_used: null, opens_next: false, trouble: null, here: "closed", shared: false, ...change,
  };
}

const refused = (code: string, message: string, hint: string): Refusal => ({ code, message, hint });

/** Profiles in memory. The demo shows one profile's experiments whichever is used. */
export function demoProfiles(shown: string | null): Profiles {
  let lines: ProfileLine[] = [
    line("Ada", { bytes: 412 * MB, sessions: 4, running: 2, notes: 12, remembered_agents: 2, last_used: "2025-06-12T07:58:00Z", opens_next: true, here: "current" }),
    line("Grace", { bytes: 1890 * MB, sessions: 31, running: 2, notes: 4, remembered_agents: 1, last_used: "2025-06-11T16:20:00Z", here: "kept", shared: true }),
    line("Room 214", { bytes: 96 * MB, sessions: 7, running: 1, last_used: "2025-06-12T08:04:00Z", in_use_by: { program: "sacmes agent", process: 4711 } }),
    line("Teaching", {}),
  ];
  if (shown === "one") lines = lines.slice(0, 1);
  const find = (name: string): ProfileLine => {
    const found = lines.find((one) => one.name === name);
    if (!found) throw refused("no_such_profile", `There is no profile “${name}”.`, "");
    return found;
  };
  const check = (name: string, except = ""): string => {
    const sound = name.trim();
    if (!/^[\p{L}\p{N}_-][\p{L}\p{N} ._-]*$/u.test(sound)) {
      throw refused("profile_name_invalid", `"${sound}" cannot be a profile's name.`, "Use 1 to 64 letters, digits, blanks, dots, hyphens or underscores.");
    }
    const taken = lines.find((one) => one.name.toLowerCase() === sound.toLowerCase() && one.name !== except);
    if (taken) throw refused("profile_exists", `There is a profile “${taken.name}” already.`, "Choose another name.");
    return sound;
  };
  const put = (name: string, change: Partial<ProfileLine>): void => {
    lines = lines.map((one) => (one.name === name ? { ...one, ...change } : one));
  };
  return {
    list: async () => lines,
    create: async (name) => {
      const made = check(name);
      lines = [...lines, line(made, {})].sort((a, b) => a.name.localeCompare(b.name));
      return made;
    },
    rename: async (name, to) => {
      find(name);
      const profile = check(to, name);
      put(name, { name: profile });
      return { done: "renamed", profile, previous: name, warnings: [] };
    },
    use: async (name, running) => {
      const [next, previous] = [find(name), lines.find(({ here }) => here === "current")];
      if (!previous || next === previous) return { done: "already", profile: name };
      const sessions = previous.running ?? 0;
      put(previous.name, running === "keep" && sessions > 0 ? { here: "kept", opens_next: false } : { here: "closed", running: 0, opens_next: false });
      put(name, { here: "current", opens_next: true });
      return {
        done: "switched", profile: name, previous: previous.name, shared: false, warnings: [],
        kept: running === "keep" ? sessions : 0, stopped: running === "stop" ? sessions : 0,
      };
    },
    delete: async (name) => {
      if (find(name).here === "current") throw refused("profile_is_current", `“${name}” is the profile that this window uses.`, "Switch to another profile first, then delete it.");
      lines = lines.filter((one) => one.name !== name);
      return { profile: name, warnings: [] };
    },
    report: async () => null,
  };
}
