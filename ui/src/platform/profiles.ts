// The profiles of a computer: each a user of the app with experiments, settings, notes and a User ID of its own.

import type { Refusal } from "../protocol/Refusal";

/** A profile as the window lists it. */
export interface ProfileLine {
  name: string;
  folder: string;
  /** The program that has it open. */
  in_use_by: { program: string; process: number } | null;
  bytes: number;
  /** Null where its database cannot be read; `trouble` says why. */
  sessions: number | null;
  /** How many of them go on while it is open. */
  running: number | null;
  notes: number | null;
  remembered_agents: number | null;
  /** When a program last opened it; null where none did yet. */
  last_used: string | null;
  opens_next: boolean;
  trouble: Refusal | null;
  /** What it is in this app: the one that the window uses, one that goes on in the background, or not open here. */
  here: "current" | "kept" | "closed";
  /** Whether this app shares it at this moment. */
  shared: boolean;
}

/** What becomes of the experiments of a profile that another one takes the place of. */
export type Meanwhile = "keep" | "stop";

/** What a change of profiles did. */
export type ProfileReport =
  | { done: "already"; profile: string }
  | {
      done: "switched";
      profile: string;
      previous: string;
      /** Sessions of the one before that go on in the background. */
      kept: number;
      stopped: number;
      /** Whether the one before is still shared. */
      shared: boolean;
      warnings: string[];
    }
  | { done: "renamed"; profile: string; previous: string; warnings: string[] };

export interface Profiles {
  list(): Promise<ProfileLine[]>;
  /** Makes a new one; gives its name. */
  create(name: string): Promise<string>;
  rename(name: string, to: string): Promise<ProfileReport>;
  /** Uses another one: the page is loaded anew for it, and what was done is told there. */
  use(name: string, running: Meanwhile): Promise<ProfileReport>;
  /** Deletes one with its data; gives what did not go as it should. */
  delete(name: string): Promise<{ profile: string; warnings: string[] }>;
  /** What the change did after which this page was loaded, once. */
  report(): Promise<ProfileReport | null>;
}
