/** Topics as people type them: several in one line, separated by commas. */

import { LONGEST_TOPIC } from "./split";

/** As the engine has it. */
export const MOST_TOPICS = 12;

/** By what topics are told apart. */
export const topicKey = (topic: string): string => topic.toLowerCase();

/** The topics in a line, each once. */
export function readTopics(typed: string): string[] {
  const topics = new Map<string, string>();
  for (const part of typed.split(",")) {
    const topic = part.trim().replace(/\s+/g, " ");
    if (topic !== "" && !topics.has(topicKey(topic))) topics.set(topicKey(topic), topic);
  }
  return [...topics.values()];
}

/** What is wrong with topics; empty where nothing is. */
export function topicsError(topics: readonly string[]): string {
  const long = topics.find((topic) => [...topic].length > LONGEST_TOPIC);
  if (long !== undefined) return `A topic has at most ${LONGEST_TOPIC} characters; separate topics by commas.`;
  return topics.length > MOST_TOPICS ? `A note has at most ${MOST_TOPICS} topics.` : "";
}
