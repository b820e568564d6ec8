// The demo's engine behind a scripted relay: what a viewer shows can be compared with what the engine has.

import { demoPlatform } from "../../platform/demo/platform";
import { type Platform, toRefusal } from "../../platform/platform";
import { isRecordEntry } from "../../session/event-hub";
import { columnBytes } from "./column-bytes";
import { ScriptedAgent } from "./scripted-agent";
import { ScriptedRelay } from "./scripted-relay";

export interface FollowedDemo {
  demo: Platform;
  agent: ScriptedAgent;
  relay: ScriptedRelay;
}

/** An agent whose answers and record are those of a scene of the demo. */
export async function followedDemo(scene: string, generation = 1): Promise<FollowedDemo> {
  const demo = demoPlatform(`?scene=${scene}`);
  const agent = await ScriptedAgent.create(generation);
  const relay = new ScriptedRelay(agent);
  agent.answer = async (ask) => {
    try {
      if (ask.ask === "query") return { reply: { reply: "answer", answer: await demo.query(ask.query) } };
      if (ask.ask === "columns") return { columns: columnBytes(await demo.columns(ask.query)) };
      return null;
    } catch (thrown) {
      return { reply: { reply: "refused", refusal: toRefusal(thrown) } };
    }
  };
  agent.outcome = async ({ command }) => {
    try {
      return { reply: "outcome", outcome: await demo.command(command) };
    } catch (thrown) {
      return { reply: "refused", refusal: toRefusal(thrown) };
    }
  };
  // One after the other, as a store commits.
  let recording: Promise<void> = Promise.resolve();
  await demo.subscribe((events) => {
    const entries = events.filter(isRecordEntry);
    const deleted = events.flatMap((event) => (event.event === "session_deleted" ? [event.session] : []));
    recording = recording.then(async () => {
      await agent.record(entries);
      agent.deleted.push(...deleted);
      for (const event of events) if (event.event === "notes_changed") agent.notes = event.version;
      if (deleted.length > 0 || events.some(({ event }) => event === "notes_changed")) await agent.sendStatus();
    });
  });
  return { demo, agent, relay };
}
