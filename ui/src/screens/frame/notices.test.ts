import { screen, waitFor, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";

import { appOver, mountIn } from "../../testing/mounted";
import NoticeList from "./NoticeList.svelte";
import RestoreDialog from "./RestoreDialog.svelte";

test("notices stand inside an open dialog, where they are seen and heard, and stay when it closes", async () => {
  const app = appOver("scene=still");
  mountIn(app, NoticeList, {});
  app.notices.failed({ code: "disk_full", message: "The disk is full.", hint: "" });
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  mountIn(app, RestoreDialog, { onclose: () => {} });
  const dialog = screen.getByRole<HTMLDialogElement>("dialog");
  expect(dialog.open).toBe(true);
  await waitFor(() => expect(within(dialog).getByText("The disk is full.")).toBeTruthy());
  await userEvent.click(within(dialog).getByRole("button", { name: "Dismiss" }));
  await waitFor(() => expect(screen.queryByText("The disk is full.")).toBeNull());
});
