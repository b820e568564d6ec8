import type { CodeKind, Identity } from "../platform/platform";
import { toRefusal } from "../platform/platform";
import type { IdentityStatus } from "../protocol/IdentityStatus";
import type { Refusal } from "../protocol/Refusal";

/** The profile's User ID as this window knows it. */
export class IdentityState {
  /** Null until the host has answered. */
  status: IdentityStatus | null = $state.raw(null);
  /** Why the last question or change failed. */
  refusal: Refusal | null = $state.raw(null);
  /** A keyring may let one wait for its password. */
  isAsking = $state(false);
  /** Whether the question where to keep the ID waits for another time: until the next start, or until it is asked for. */
  isPutOff = $state(false);

  constructor(
    private readonly identity: Identity,
    isHere = true,
  ) {
    if (isHere) void this.refresh();
  }

  refresh(): Promise<void> {
    return this.#take(() => this.identity.status());
  }

  consentToFile(): Promise<void> {
    return this.#take(() => this.identity.consentToFile());
  }

  /** Takes a User ID that was kept elsewhere; what speaks against it is for whoever typed it. */
  async restore(text: string): Promise<void> {
    this.status = await this.identity.restore(text);
    this.refusal = null;
  }

  copy(which: CodeKind): Promise<void> {
    return this.identity.copy(which);
  }

  async #take(ask: () => Promise<IdentityStatus>): Promise<void> {
    this.isAsking = true;
    try {
      this.status = await ask();
      this.refusal = null;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
    } finally {
      this.isAsking = false;
    }
  }
}
