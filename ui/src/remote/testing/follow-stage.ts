// A scripted agent and relay, and a follower that is watched: made anew before each test of whoever imports this.

import { afterEach, beforeEach, expect, vi } from "vitest";

import type { Event } from "../../protocol/Event";
import type { News } from "../../protocol/News";
import { type Code, readCode } from "../codes";
import { Follower, type FollowState } from "../follower";
import { ScriptedAgent } from "./scripted-agent";
import { ScriptedRelay } from "./scripted-relay";
import { ManualTiming } from "./timing";
import { vectors } from "./vectors";

export let agent: ScriptedAgent;
export let relay: ScriptedRelay;
export let timing: ManualTiming;
export let follower: Follower;
export let events: Event[];
export let news: News[];
export let states: FollowState[];
export let anew: number;

export const USER_ID = vectors.codes.user_id;
export const VIEW_ONLY = vectors.codes.generations[0]?.code ?? "";

/** Another agent is followed in the test, and through this relay. */
export function meet(other: ScriptedAgent, through = new ScriptedRelay(other)): void {
  [agent, relay] = [other, through];
}

beforeEach(async () => {
  meet(await ScriptedAgent.create());
  timing = new ManualTiming();
  [events, news, states, anew] = [[], [], [], 0];
});
afterEach(() => follower.close());

export async function follow(text = USER_ID): Promise<void> {
  const code: Code = await readCode(text);
  const listener = {
    events: (batch: Event[]) => events.push(...batch),
    anew: () => (anew += 1),
    news: (one: News) => news.push(one),
    visited: () => {},
    state: (state: FollowState) => states.push(state),
  };
  follower = new Follower(code, relay.dial, listener, timing);
  follower.start();
}

export const offsets = (): number[] => events.flatMap((event) => ("offset" in event ? [event.offset] : []));
export const isLive = (): Promise<void> => vi.waitFor(() => expect(follower.state.state).toBe("live"));
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

/** Lets time pass in small steps, so that what is sealed and opened meanwhile has its turn, until something is so. */
export async function until(check: () => void, step_ms = 500): Promise<void> {
  const pass = (): void => {
    timing.pass(step_ms);
    check();
  };
  await vi.waitFor(pass, { interval: 5, timeout: 20_000 });
}
