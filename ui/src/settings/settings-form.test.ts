import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";

import { defaultSettings } from "./defaults";
import { SettingsDraft } from "./draft.svelte";
import { MEASURING } from "./fields";
import SettingsForm from "./SettingsForm.svelte";

test("a group that was unfolded stays so while it is typed in, and asks for what it needs", async () => {
  const draft = new SettingsDraft(defaultSettings());
  render(SettingsForm, { props: { draft, open: MEASURING } });
  const title = screen.getByText("Drift and outliers");
  const group = title.closest("details") as HTMLDetailsElement;
  await userEvent.click(title);
  group.dispatchEvent(new Event("toggle"));
  expect(group.open).toBe(true);
  await userEvent.selectOptions(screen.getByLabelText("Drift correction"), "linear");
  expect(group.open).toBe(true);
  expect(screen.getByText("1 to correct")).toBeTruthy();
  await userEvent.type(screen.getByLabelText("Undisturbed stretch"), "1");
  await userEvent.type(screen.getByLabelText("Undisturbed stretch, to"), "40");
  expect(draft.valid?.trend.drift_range).toEqual([1, 40]);
  expect((screen.getByText("Trends").closest("details") as HTMLDetailsElement).open).toBe(false);
});
