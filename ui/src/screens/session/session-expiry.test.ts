import { screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";

import type { SessionSummary } from "../../protocol/SessionSummary";
import type { Command } from "../../protocol/Command";
import { mounted } from "../../testing/mounted";
import SessionExpiry from "./SessionExpiry.svelte";

function shown(change: Partial<SessionSummary>, reason: string | null = null): Command[] {
  const commands: Command[] = [];
  const ended = new Date(Date.now() + 23.5 * 3_600_000).toISOString();
  const summary = { session: "s", state: "finished", expires_after_s: 86_400, expires_at: ended, ...change } as SessionSummary;
  mounted(SessionExpiry, { summary, reason }, "scene=still", () => ({
    command: async (command) => {
      commands.push(command);
      return { outcome: "done" };
    },
  }));
  return commands;
}

test("it says when the session expires, and one click keeps it", async () => {
  const commands = shown({});
  expect(screen.getByText("expires in 23 h")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Keep" }));
  await waitFor(() => expect(commands).toEqual([{ command: "keep_session", session: "s" }]));
});

test("another time can be chosen, also never", async () => {
  const commands = shown({ expires_after_s: 7200 });
  const select = screen.getByLabelText<HTMLSelectElement>("How long it stays after its end");
  expect([...select.options].map(({ text }) => text)).toEqual([
    "stays 2 h", "stays 1 h", "stays 1 day", "stays 7 days", "stays 30 days", "never expires",
  ]);
  await userEvent.selectOptions(select, "stays 7 days");
  await userEvent.selectOptions(select, "never expires");
  expect(commands.map((command) => "after_s" in command && command.after_s)).toEqual([604_800, 0]);
});

test("a session that is kept shows nothing, and whoever only looks finds the reason", async () => {
  shown({ expires_after_s: null, expires_at: null });
  expect(screen.queryByText("Temporary")).toBeNull();
  const commands = shown({}, "You may look and not touch.");
  const keep = screen.getByRole("button", { name: "Keep" });
  expect(keep.getAttribute("title")).toBe("You may look and not touch.");
  await userEvent.click(keep);
  expect(commands).toEqual([]);
});
