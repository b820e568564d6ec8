// What the page remembers (which plots are shown, the direction of axes, …) is each profile's own, though the window is one.

/** Whose everything beside the put away is. */
const OWNER = "sacmes.profile";
/** What is put away for the others, each under its profile's name. */
const AWAY = "sacmes.profile/";

function isKept(key: string): boolean {
  return key !== OWNER && !key.startsWith(AWAY);
}

function keysOf(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter((key) => key !== null);
}

/** Has the storage hold what the page remembers for this profile. True where it held another's until now. */
export function keepFor(profile: string, storage: Storage = localStorage): boolean {
  const owner = storage.getItem(OWNER);
  if (owner === profile) return false;
  if (owner !== null) {
    const kept = keysOf(storage).filter(isKept);
    const away = Object.fromEntries(kept.map((key) => [key, storage.getItem(key)]));
    storage.setItem(AWAY + owner, JSON.stringify(away));
    for (const key of kept) storage.removeItem(key);
  }
  const away = storage.getItem(AWAY + profile);
  for (const [key, value] of Object.entries(read(away))) storage.setItem(key, value);
  storage.removeItem(AWAY + profile);
  storage.setItem(OWNER, profile);
  return owner !== null;
}

/** A profile has another name. */
export function renameKept(from: string, to: string, storage: Storage = localStorage): void {
  if (from === to) return;
  if (storage.getItem(OWNER) === from) storage.setItem(OWNER, to);
  const away = storage.getItem(AWAY + from);
  if (away === null) return;
  storage.setItem(AWAY + to, away);
  storage.removeItem(AWAY + from);
}

/** A profile is gone. */
export function forgetKept(profile: string, storage: Storage = localStorage): void {
  storage.removeItem(AWAY + profile);
}

function read(text: string | null): Record<string, string> {
  try {
    const away: unknown = JSON.parse(text ?? "{}");
    if (typeof away !== "object" || away === null) return {};
    return Object.fromEntries(Object.entries(away).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return {};
  }
}
