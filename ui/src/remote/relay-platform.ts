// A host that is elsewhere: the agent behind a code, through a relay.

import { readColumns } from "../platform/columns";
import type { AnswerTo, Following, Platform } from "../platform/platform";
import { toRefusal } from "../platform/platform";
import { capabilitiesWith, outOfReach, refused } from "../platform/out-of-reach";
import type { Event } from "../protocol/Event";
import type { Query } from "../protocol/Query";
import type { Refusal } from "../protocol/Refusal";
import type { WholeAnswer } from "./answer";
import type { Code } from "./codes";
import { Exports } from "./exports";
import { Follower, type FollowState } from "./follower";
import { NO_FOLDERS, UNREADABLE_ANSWER, VIEW_ONLY } from "./refusals";
import { type Dial, dialing } from "./socket";
import { realTiming, type Timing } from "./timing";
import { safeName } from "./transfer";
import { ownVersions } from "./versions";

interface Subscriber {
  listener: (events: Event[]) => void;
  anew: () => void;
}

export interface Given {
  dial?: Dial;
  timing?: Timing;
  keep?: (blob: Blob, name: string) => void;
}

/** The agent of a code, through the relay at an address; begins to connect at once. */
export function relayPlatform(code: Code, relay: string, given: Given = {}): Platform & { following: Following } {
  const { dial = dialing(relay), timing = realTiming, keep } = given;
  const subscribers = new Set<Subscriber>();
  const watchers = new Set<() => void>();
  let hasBegun: () => void = () => {};
  const begun = new Promise<void>((resolve) => (hasBegun = resolve));

  const hand = (events: Event[]): void => subscribers.forEach(({ listener }) => listener(events));
  const follower = new Follower(
    code,
    dial,
    {
      events: hand,
      anew: () => subscribers.forEach(({ anew }) => anew()),
      news: (news) => exports.take(news),
      visited: () => exports.visited(),
      state: (state: FollowState) => {
        if (state.state === "live") hasBegun();
        for (const watcher of watchers) watcher();
      },
    },
    timing,
  );
  const exports = new Exports(follower.requests, timing, (event) => hand([event]), keep);
  const hurry = (): void => follower.hurry();
  const lookedAt = (): void => {
    if (!document.hidden) follower.hurry();
  };
  globalThis.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", lookedAt);
  follower.start();

  const following: Following = {
    code: code.kind,
    relay,
    get state() {
      return follower.state;
    },
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    close: () => {
      globalThis.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", lookedAt);
      follower.close();
    },
  };

  const isOwner = code.kind === "user_id";
  return {
    ...outOfReach,
    capabilities: capabilitiesWith(code.kind),
    following,
    query: async <Q extends Query>(query: Q) =>
      orRefusal(async () => {
        const reply = replyIn(await follower.requests.ask({ ask: "query", query }));
        if (reply.reply !== "answer") throw UNREADABLE_ANSWER;
        return reply.answer as AnswerTo<Q["query"]>;
      }),
    columns: (query) =>
      orRefusal(async () => {
        const answer = await follower.requests.ask({ ask: "columns", query });
        if (answer.form === "columns") return readColumns(answer.bytes.buffer);
        replyIn(answer);
        throw UNREADABLE_ANSWER;
      }),
    command: (command) =>
      orRefusal(async () => {
        if (!isOwner) throw { code: "view_only", message: VIEW_ONLY, hint: "" } satisfies Refusal;
        if (command.command === "cancel" && exports.cancel(command.operation)) return { outcome: "done" };
        const makesFile = command.command === "export" || command.command === "export_figure";
        const asked = makesFile ? { ...command, destination: safeName(command.destination) } : command;
        const reply = replyIn(await follower.requests.order(asked));
        if (reply.reply !== "outcome") throw UNREADABLE_ANSWER;
        if (makesFile && reply.outcome.outcome === "accepted") exports.began(reply.outcome.operation);
        return reply.outcome;
      }),
    subscribe: async (listener, anew = () => {}) => {
      const subscriber = { listener, anew };
      subscribers.add(subscriber);
      // Only what is asked once the agent has answered is not older than what is told from now on.
      await begun;
      return () => subscribers.delete(subscriber);
    },
    chooseDestination: async (suggestedName) => safeName(suggestedName),
    reveal: () => refused(NO_FOLDERS),
    appInfo: async () => ({
      version: ownVersions().program,
      profile: "",
      data_folder: "",
      computer: "",
      desktop: false,
    }),
  };
}

/** The reply in an answer; a refusal is thrown. */
function replyIn(answer: WholeAnswer): Exclude<Extract<WholeAnswer, { form: "reply" }>["reply"], { reply: "refused" }> {
  if (answer.form !== "reply") throw UNREADABLE_ANSWER;
  if (answer.reply.reply === "refused") throw answer.reply.refusal;
  return answer.reply;
}

async function orRefusal<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (thrown) {
    throw toRefusal(thrown);
  }
}
