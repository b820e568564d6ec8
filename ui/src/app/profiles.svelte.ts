import { toRefusal } from "../platform/platform";
import type { Meanwhile, ProfileLine, ProfileReport, Profiles } from "../platform/profiles";
import type { Refusal } from "../protocol/Refusal";
import { told } from "../screens/profiles/words";
import type { Notices } from "../session/notices.svelte";

/** How often the host is asked while somebody looks at the list, ms. */
const ASKED_EVERY_MS = 5000;
/** A report has a sentence or two. */
const REPORT_STAYS_MS = 12_000;

/** What is being asked about a profile. */
export type ProfileQuestion = { about: "create" } | { about: "rename" | "switch" | "delete"; line: ProfileLine };

/** The profiles of this computer, as this window knows them. */
export class ProfilesState {
  /** Null until the host has answered. */
  list: readonly ProfileLine[] | null = $state.raw(null);
  /** Why the list could not be had. */
  refusal: Refusal | null = $state.raw(null);
  question: ProfileQuestion | null = $state.raw(null);

  constructor(
    private readonly profiles: Profiles,
    private readonly notices: Notices,
  ) {
    void this.#tellReport();
  }

  get current(): ProfileLine | null {
    return this.list?.find(({ here }) => here === "current") ?? null;
  }

  async refresh(): Promise<void> {
    try {
      this.list = await this.profiles.list();
      this.refusal = null;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
    }
  }

  /** Keeps the list up to date until the function that is returned is called. */
  watch(): () => void {
    void this.refresh();
    const timer = setInterval(() => void this.refresh(), ASKED_EVERY_MS);
    return () => clearInterval(timer);
  }

  ask(question: ProfileQuestion | null): void {
    this.question = question;
  }

  /** Makes a profile; whoever typed its name is told why not. */
  async create(name: string): Promise<void> {
    const made = await this.profiles.create(name);
    await this.refresh();
    this.notices.done(`The profile “${made}” is there. Its User ID is made when you switch to it.`, REPORT_STAYS_MS);
  }

  async rename(name: string, to: string): Promise<void> {
    this.#tell(await this.profiles.rename(name, to));
    await this.refresh();
  }

  async use(name: string, running: Meanwhile): Promise<void> {
    this.#tell(await this.profiles.use(name, running));
    await this.refresh();
  }

  async delete(name: string): Promise<void> {
    const { profile, warnings } = await this.profiles.delete(name);
    await this.refresh();
    this.notices.done(`The profile “${profile}” is deleted with its data.`, REPORT_STAYS_MS);
    this.#warn(warnings);
  }

  /** This page came after a change. */
  async #tellReport(): Promise<void> {
    const report = await this.notices.attempt(() => this.profiles.report());
    if (report) this.#tell(report);
  }

  #tell(report: ProfileReport): void {
    this.notices.done(told(report), REPORT_STAYS_MS);
    if (report.done !== "already") this.#warn(report.warnings);
  }

  #warn(warnings: readonly string[]): void {
    for (const message of warnings) this.notices.failed({ code: "warning", message, hint: "" } satisfies Refusal);
  }
}
