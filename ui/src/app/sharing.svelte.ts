import type { Sharing } from "../platform/platform";
import { toRefusal } from "../platform/platform";
import type { OldUserId } from "../protocol/OldUserId";
import type { Refusal } from "../protocol/Refusal";
import type { SharingStatus } from "../protocol/SharingStatus";
import type { EventHub } from "../session/event-hub";
import type { IdentityState } from "./identity.svelte";

/** How often the host is asked while somebody looks at it, ms. */
const ASKED_EVERY_MS = 2000;

/** Sharing of this profile's experiments, as this window knows it. */
export class SharingState {
  /** Null until the host has answered, and where it cannot share. */
  status: SharingStatus | null = $state.raw(null);
  /** Why the last question or change failed. */
  refusal: Refusal | null = $state.raw(null);
  /** Whether a change is on its way. */
  isChanging = $state(false);

  /** How many look; null where nobody can. */
  readonly viewers: number | null = $derived(this.status?.sharing === "online" ? this.status.viewers : null);

  constructor(
    private readonly sharing: Sharing,
    private readonly identity: IdentityState,
    hub: EventHub,
    isHere: boolean,
  ) {
    if (!isHere) return;
    void this.refresh();
    hub.onLive((event) => {
      if (event.event !== "viewers") return;
      if (this.status?.sharing === "online") this.status = { ...this.status, viewers: event.count };
      else void this.refresh();
    });
  }

  async refresh(): Promise<void> {
    try {
      this.status = await this.sharing.status();
      if (!this.isChanging) this.refusal = null;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
    }
  }

  /** Keeps the state up to date until the function that is returned is called. */
  watch(): () => void {
    void this.refresh();
    const timer = setInterval(() => void this.refresh(), ASKED_EVERY_MS);
    return () => clearInterval(timer);
  }

  turnOn(relay: string, token: string | null): Promise<boolean> {
    return this.#change(() => this.sharing.turnOn(relay, token));
  }

  turnOff(): Promise<boolean> {
    return this.#change(() => this.sharing.turnOff());
  }

  renewViewOnlyCode(): Promise<boolean> {
    return this.#change(() => this.sharing.renewViewOnlyCode());
  }

  renewUserId(old: OldUserId): Promise<boolean> {
    return this.#change(() => this.sharing.renewUserId(old));
  }

  /** Whether it was done; if not, `refusal` tells why. */
  async #change(change: () => Promise<void>): Promise<boolean> {
    this.isChanging = true;
    this.refusal = null;
    try {
      await change();
      // What a change made of sharing and of the codes, the host knows.
      this.status = await this.sharing.status();
      await this.identity.refresh();
      return true;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
      return false;
    } finally {
      this.isChanging = false;
    }
  }
}
