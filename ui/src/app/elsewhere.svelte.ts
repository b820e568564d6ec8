import type { Elsewhere, FollowedAgent, RememberedAgent } from "../platform/platform";
import type { Notices } from "../session/notices.svelte";

/** The agents elsewhere that this profile remembers, for whoever lists them. */
export class ElsewhereState {
  agents: readonly RememberedAgent[] = $state.raw([]);
  /** The one that is being called, by its id. */
  calling: string | null = $state(null);

  constructor(
    readonly host: Elsewhere,
    private readonly notices: Notices,
  ) {
    void this.refresh();
  }

  async refresh(): Promise<void> {
    this.agents = (await this.notices.attempt(() => this.host.remembered())) ?? this.agents;
  }

  /** Begins to follow one; null where that failed, which a notice has told. */
  async follow({ id }: RememberedAgent): Promise<FollowedAgent | null> {
    if (this.calling !== null) return null;
    this.calling = id;
    try {
      return await this.notices.attempt(() => this.host.followRemembered(id));
    } finally {
      this.calling = null;
    }
  }
}
