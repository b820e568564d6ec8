import { screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { appOver, mountIn } from "../../testing/mounted";
import SessionScreen from "./SessionScreen.svelte";

async function open(scene: string, failures = 0): Promise<void> {
  let left = failures;
  const app = appOver(`scene=${scene}`, (demo) => ({
    columns: (query) => {
      if (query.query !== "series" || left === 0) return demo.columns(query);
      left -= 1;
      return Promise.reject({ code: "database_locked", message: "The database is locked.", hint: "" });
    },
  }));
  await vi.waitFor(() => expect(app.sessions.sessions).not.toBeNull());
  mountIn(app, SessionScreen, { session: app.sessions.sessions?.find(({ state }) => state === "running")?.session ?? "" });
}

test("files of which none can be measured are told with their reason, and what to do", async () => {
  await open("unusable");
  expect(await screen.findByRole("heading", { name: "12 files were read and none could be measured" })).toBeTruthy();
  // Told once, not once for each file.
  expect(await screen.findByText(/^The file holds a cyclic voltammogram/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Show the files" }));
  const inspector = screen.getByRole("complementary", { name: "Inspector" });
  expect(within(inspector).getByRole("tab", { name: "Files" }).getAttribute("aria-selected")).toBe("true");
  await userEvent.click(screen.getByRole("button", { name: "Open the settings" }));
  expect(within(inspector).getByRole("tab", { name: "Settings" }).getAttribute("aria-selected")).toBe("true");
});

test("files of another technique are measured as what they are with one click", async () => {
  await open("unusable");
  await userEvent.click(await screen.findByRole("button", { name: "Measure as cyclic voltammetry" }));
  expect(await screen.findAllByText("Cyclic voltammetry")).not.toEqual([]);
  // The button stands for the advice.
  expect(screen.queryByText(/Choose technique/)).toBeNull();
});

test("what was typed stays while the inspector is hidden", async () => {
  await open("still");
  await userEvent.click(await screen.findByRole("button", { name: /^Show settings/ }));
  const points = screen.getByLabelText<HTMLInputElement>(/Points dropped/);
  await userEvent.clear(points);
  await userEvent.type(points, "3");
  await userEvent.click(screen.getByRole("button", { name: /^Hide settings/ }));
  expect(screen.queryByRole("complementary", { name: "Inspector" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /^Show settings/ }));
  expect(screen.getByLabelText<HTMLInputElement>(/Points dropped/).value).toBe("3");
});

test("a session that could not be opened is opened on Try again", async () => {
  await open("still", 1);
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("button", { name: "Pause" })).toBeTruthy();
  expect(screen.queryByText("The database is locked.")).toBeNull();
});
