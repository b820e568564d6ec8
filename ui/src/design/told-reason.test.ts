import { render, screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { expect, test, vi } from "vitest";

import Button from "./Button.svelte";
import ToldReason from "./ToldReason.svelte";

const REASON = "Only the holder of the User ID can change something.";

test("whoever presses a refused control is told why, until something else is pressed or Escape is", async () => {
  const onclick = vi.fn();
  render(ToldReason);
  render(Button, { props: { reason: REASON, onclick, children: createRawSnippet(() => ({ render: () => "<span>Pause</span>" })) } });
  const told = (): string => screen.getByRole("status").textContent?.trim() ?? "";
  expect(told()).toBe("");
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  await waitFor(() => expect(told()).toBe(REASON));
  expect(onclick).not.toHaveBeenCalled();
  await userEvent.click(document.body);
  await waitFor(() => expect(told()).toBe(""));
  screen.getByRole("button", { name: "Pause" }).focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(told()).toBe(REASON));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(told()).toBe(""));
});
