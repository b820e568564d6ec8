import { look } from "../design/look.svelte";
import type { Preferences, PreferencesHost } from "../platform/platform";
import type { Refusal } from "../protocol/Refusal";
import type { Notices } from "../session/notices.svelte";

/** What the owner of the profile prefers, as this window knows it. How things look is taken over into `look`. */
export class PreferencesState {
  /** Null until the host has answered, and where it keeps none. */
  value: Preferences | null = $state.raw(null);
  /** Why the file cannot be used: the defaults hold. */
  trouble: Refusal | null = $state.raw(null);
  /** Changes are kept one after the other. */
  #kept: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: PreferencesHost | undefined,
    private readonly notices: Notices,
  ) {
    if (!host) return;
    look.keeper = (now) => void this.change({ look: now });
    void this.refresh();
  }

  async refresh(): Promise<void> {
    if (!this.host) return;
    const told = await this.notices.attempt(this.host.read);
    if (!told) return;
    this.value = told.value;
    this.trouble = told.trouble;
    // A file that cannot be read says nothing about how things should look.
    if (!told.trouble) look.take(told.value.look);
  }

  /** Holds at once; where it cannot be kept, that is said and what was kept holds again. */
  async change(part: Partial<Preferences>): Promise<void> {
    const { host, value } = this;
    if (!host || !value) return;
    const wanted = { ...value, ...part };
    this.value = wanted;
    this.#kept = this.#kept.then(async () => {
      const isKept = await this.notices.attempt(() => host.keep(wanted).then(() => true));
      if (isKept) this.trouble = null;
      else await this.refresh();
    });
    await this.#kept;
  }
}
