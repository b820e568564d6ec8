import type { CodeKind, Identity } from "../platform/platform";
import { toRefusal } from "../platform/platform";
import type { IdentityStatus } from "../protocol/IdentityStatus";
import type { Refusal } from "../protocol/Refusal";

/** The profile's User ID as this window knows it. */
export class IdentityState {
  /** Null until the host has answered. */
  status: IdentityStatus | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);

  constructor(private readonly identity: Identity) {
    void this.refresh();
  }

  refresh(): Promise<void> {
    return this.#take(() => this.identity.status());
  }

  consentToFile(): Promise<void> {
    return this.#take(() => this.identity.consentToFile());
  }

  restore(text: string): Promise<void> {
    return this.#take(() => this.identity.restore(text));
  }

  copy(which: CodeKind): Promise<void> {
    return this.identity.copy(which);
  }

  async #take(ask: () => Promise<IdentityStatus>): Promise<void> {
    try {
      this.status = await ask();
      this.refusal = null;
    } catch (thrown) {
      this.refusal = toRefusal(thrown);
    }
  }
}
