import type { Look } from "../design/look.svelte";
import type { Answer } from "../protocol/Answer";
import type { ColumnQuery } from "../protocol/ColumnQuery";
import type { Command } from "../protocol/Command";
import type { Event } from "../protocol/Event";
import type { IdentityStatus } from "../protocol/IdentityStatus";
import type { OldUserId } from "../protocol/OldUserId";
import type { Outcome } from "../protocol/Outcome";
import type { Query } from "../protocol/Query";
import type { Refusal } from "../protocol/Refusal";
import type { SessionId } from "../protocol/SessionId";
import type { SharingStatus } from "../protocol/SharingStatus";
import type { FollowState } from "../remote/follower";
import type { ColumnTable } from "./columns";
import type { Profiles } from "./profiles";

/** The answer to one kind of query: both carry the same word. */
export type AnswerTo<Q extends Query["query"]> = Extract<Answer, { answer: Q }>;

/** Whether a host can do a thing, and if not, why, for people. */
export type Capability = { can: true } | { can: false; reason: string };

/** Things that not every host can do. Controls for what it cannot do are disabled and carry the reason. */
export interface Capabilities {
  /** Commands that change something. */
  control: Capability;
  /** Dialogs and paths of this computer's file system. */
  folders: Capability;
  /** The profile's User ID. */
  identity: Capability;
  /** Turning sharing on and off. */
  sharing: Capability;
}

export interface AppInfo {
  version: string;
  profile: string;
  data_folder: string;
  /** Name of this computer. */
  computer: string;
  /** Whether this is the desktop window. */
  desktop: boolean;
}

export interface ChosenFiles {
  /** Absolute path of the folder that holds all of them. */
  folder: string;
  /** Names in it. */
  files: string[];
}

/** Files on their way into the window: dragged over it, dropped, or opened from elsewhere ("open with", arguments). */
export type Arrival =
  | { arrival: "over"; paths: number }
  | { arrival: "left" }
  /** Absolute paths of files, folders and archives. */
  | { arrival: "came"; paths: string[] };

export type CodeKind = "user_id" | "view_only_code";

export interface Identity {
  status(): Promise<IdentityStatus>;
  /** Puts a code on the clipboard. */
  copy(which: CodeKind): Promise<void>;
  /** Keeps the User ID in the owner-only file because there is no keyring. */
  consentToFile(): Promise<IdentityStatus>;
  /** Takes a User ID that the owner kept elsewhere. */
  restore(text: string): Promise<IdentityStatus>;
}

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Sharing of a profile's experiments through a relay, as its owner's window steers it. */
export interface Sharing {
  status(): Promise<SharingStatus>;
  /** Begins to share through the relay at an address; some relays ask for an access token. */
  turnOn(relay: string, token: string | null): Promise<void>;
  turnOff(): Promise<void>;
  /** Makes a new view-only code; the old one is of no use any more. The identity tells the new one. */
  renewViewOnlyCode(): Promise<void>;
  /** Makes a new User ID with a new view-only code; the identity tells them. */
  renewUserId(old: OldUserId): Promise<void>;
}

/** An agent elsewhere that this page follows. */
export interface Following {
  /** In a window whose computer has experiments of its own; absent in a page that only follows. */
  readonly inWindow?: FollowedInWindow;
  /** What kind of code gives access. */
  readonly code: "user_id" | "view_only";
  /** The relay's address. */
  readonly relay: string;
  readonly state: FollowState;
  /** Tells when the state has changed. */
  watch(watcher: () => void): Unsubscribe;
  /** Ends following. */
  close(): void;
}

/** What tells a followed agent apart from the window's own computer. */
export interface FollowedInWindow {
  /** What its follower calls it; empty where it has no name. */
  readonly name: string;
  /** Fulfilled when the host has ended following by itself: the window was closed. */
  readonly ended: Promise<void>;
}

/** An agent that a profile remembers. Its code stays with the host. */
export interface RememberedAgent {
  id: string;
  name: string;
  /** The relay's address. */
  relay: string;
  access: Following["code"];
  kept_in: "keyring" | "owner_only_file";
}

/** An agent that is followed from a window of another computer. */
export interface FollowedAgent {
  readonly platform: Platform & { readonly following: Following };
  /** Keeps its code under a name: in the keyring, or after consent in a file that only its owner can read. */
  remember(name: string, inFile: boolean): Promise<RememberedAgent>;
}

/** Following agents elsewhere, from a window that has experiments of its own. */
export interface Elsewhere {
  remembered(): Promise<RememberedAgent[]>;
  forget(agent: string): Promise<void>;
  /** Follows a code, or a link, which names its relay itself. */
  follow(code: string, relay: string, name: string): Promise<FollowedAgent>;
  followRemembered(agent: string): Promise<FollowedAgent>;
}

/** What the owner of a profile prefers on this computer, as its file has it (`src-tauri/src/preferences/`). */
export interface Preferences {
  notifications: { stalled: boolean; electrode_failing: boolean; finished: boolean; relay_lost: boolean };
  /** Whether closing the window leaves SACMES in the tray. */
  stays_in_tray: boolean;
  updates: { check: boolean; address: string };
  look: Look;
}

export interface PreferencesHost {
  /** What holds, and why the file cannot be used where the defaults do. */
  read(): Promise<{ value: Preferences; trouble: Refusal | null }>;
  keep(preferences: Preferences): Promise<void>;
}

/** What came of looking for a newer version (`src-tauri/src/updates/`). */
export type UpdatesFound =
  | { updates: "no_address" }
  | { updates: "newest"; version: string }
  | { updates: "newer"; version: string; page: string | null; notes: string | null };

/** What the app does on the computer that it runs on, beside measuring. */
export interface Computer {
  /** Whether the system starts SACMES at login, as the system says. */
  startsAtLogin(): Promise<boolean>;
  /** Says what holds afterwards. */
  setStartsAtLogin(on: boolean): Promise<boolean>;
  testNotification(): Promise<void>;
  lookForUpdates(): Promise<UpdatesFound>;
  /** What was found last; null where nobody has looked. */
  knownUpdates(): Promise<UpdatesFound | null>;
  /** Opens the page of the newer version in a browser. */
  openUpdatesPage(): Promise<void>;
  /** Bytes of everything in the profile's folder. */
  dataSize(): Promise<number>;
  /** Which session is on screen: of that, no notification is needed. */
  shows(session: SessionId | null): void;
  /** Tells when the person clicked a notification of a session. */
  onShowSession(listener: (session: SessionId) => void): void;
}

/**
 * The UI's only door to a host. Every promise is rejected with a `Refusal`, never with anything else.
 */
export interface Platform {
  readonly capabilities: Capabilities;
  /** Where the agent is elsewhere: how following it goes. */
  readonly following: Following | null;
  /** Following others; absent where the page does nothing but follow. */
  readonly elsewhere?: Elsewhere;
  /** Preferences that are kept with the profile; absent where this page keeps them itself. */
  readonly preferences?: PreferencesHost;
  /** Absent in a browser, and towards agents elsewhere. */
  readonly computer?: Computer;
  /** The profiles of this computer; absent where the page does nothing but follow. */
  readonly profiles?: Profiles;
  query<Q extends Query>(query: Q): Promise<AnswerTo<Q["query"]>>;
  columns(query: ColumnQuery): Promise<ColumnTable>;
  command(command: Command): Promise<Outcome>;
  /**
   * Events from now on, in order, in batches. `anew` is called where they do not continue what was told before (another life of
   * the store, too much that was missed): whoever shows something asks for it again.
   */
  subscribe(listener: (events: Event[]) => void, anew?: () => void): Promise<Unsubscribe>;
  readonly identity: Identity;
  readonly sharing: Sharing;
  /** An absolute path, or null when the user chose none. */
  chooseFolder(): Promise<string | null>;
  chooseFiles(): Promise<ChosenFiles | null>;
  /** Tells of files that come by themselves; absent where they cannot, because the agent is elsewhere. */
  arriving?(listener: (arrival: Arrival) => void): Promise<void>;
  /** Where to write an export: a path, or where folders are out of reach the name of the file that is downloaded. */
  chooseDestination(suggestedName: string): Promise<string | null>;
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): Promise<void>;
  appInfo(): Promise<AppInfo>;
}

/** Whether a value has the shape of a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}

/** Anything thrown, as a refusal that can be shown. */
export function toRefusal(thrown: unknown): Refusal {
  if (isRefusal(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? "" };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "unexpected",
    message: `Something went wrong that SACMES did not foresee: ${message}`,
    hint: "Try again; if it happens again, please report it with what you did before.",
  };
}
