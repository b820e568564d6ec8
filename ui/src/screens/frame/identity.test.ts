import { screen, waitFor } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { mounted, mountIn } from "../../testing/mounted";
import IdentityBanner from "./IdentityBanner.svelte";
import Profile from "./Profile.svelte";

test("without a keyring the user is asked, and consent makes the ID known", async () => {
  const { app } = mounted(IdentityBanner, {}, "identity=needs_consent&scene=still");
  const banner = await screen.findByRole("status");
  expect(banner.textContent).toContain("no keyring");
  await userEvent.click(screen.getByRole("button", { name: "Keep it in a file only I can read" }));
  await waitFor(() => expect(screen.queryByRole("status")).toBeNull());
  expect(app.identity.status).toMatchObject({ identity: "known", kept_in: "owner_only_file" });
});

test("the question can be put off and nothing is decided", async () => {
  const { app } = mounted(IdentityBanner, {}, "identity=needs_consent&scene=still");
  await userEvent.click(await screen.findByRole("button", { name: "Not now" }));
  expect(screen.queryByRole("status")).toBeNull();
  expect(app.identity.status?.identity).toBe("needs_consent");
  mountIn(app, Profile, { onhide: () => {} });
  await userEvent.click(screen.getByRole("button", { name: "Choose where to keep it" }));
  expect(await screen.findByRole("button", { name: "Keep it in a file only I can read" })).toBeTruthy();
});

test("a file that cannot be written is told, and the question stays", async () => {
  const refusal = { code: "disk_full", message: "The disk is full.", hint: "Make room and try again." };
  mounted(IdentityBanner, {}, "identity=needs_consent&scene=still", (demo) => ({
    identity: { ...demo.identity, consentToFile: () => Promise.reject(refusal) },
  }));
  await userEvent.click(await screen.findByRole("button", { name: "Keep it in a file only I can read" }));
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Keep it in a file only I can read" })).toBeTruthy();
});

test("a profile says that it waits for the keyring, and a host that fails can be asked again", async () => {
  let answer: (error: unknown) => void = () => {};
  const status = vi.fn().mockReturnValueOnce(new Promise((_, reject) => (answer = reject)));
  const { app } = mounted(Profile, { onhide: () => {} }, "scene=still", (demo) => {
    status.mockImplementation(() => demo.identity.status());
    return { identity: { ...demo.identity, status } };
  });
  expect(screen.getByText(/Waiting for the keyring/)).toBeTruthy();
  answer({ code: "keyring_failed", message: "The keyring does not answer.", hint: "" });
  mountIn(app, IdentityBanner, {});
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("button", { name: /User ID/ })).toBeTruthy();
  expect(screen.queryByText("The keyring does not answer.")).toBeNull();
});

test("an ID that cannot be read can be entered, and a mistyped one is refused with the reason", async () => {
  const { app } = mounted(IdentityBanner, {}, "identity=unavailable&scene=still");
  await userEvent.click(await screen.findByRole("button", { name: "Enter my User ID" }));
  await userEvent.type(screen.getByLabelText("User ID"), "not an id");
  await userEvent.click(screen.getByRole("button", { name: "Use this ID" }));
  expect(await screen.findByText(/This is not a User ID/)).toBeTruthy();
  await userEvent.clear(screen.getByLabelText("User ID"));
  await userEvent.type(screen.getByLabelText("User ID"), "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35");
  await userEvent.click(screen.getByRole("button", { name: "Use this ID" }));
  await waitFor(() => expect(app.identity.status?.identity).toBe("known"));
});

test("a click copies the User ID and says so; the whole ID is not on screen", async () => {
  const copy = vi.fn().mockResolvedValue(undefined);
  mounted(Profile, { onhide: () => {} }, "scene=still", (demo) => ({ identity: { ...demo.identity, copy } }));
  const button = await screen.findByRole("button", { name: /User ID/ });
  expect(button.textContent).toContain("0b5c1e9e");
  expect(document.body.textContent).not.toContain("9a7e-2f4b8d6c1a35");
  await userEvent.click(button);
  expect(copy).toHaveBeenCalledWith("user_id");
  expect(await screen.findByText("Copied")).toBeTruthy();
});

test("a failed copy is told and not confirmed", async () => {
  const refusal = { code: "clipboard_unavailable", message: "The clipboard cannot be used.", hint: "" };
  const { app } = mounted(Profile, { onhide: () => {} }, "scene=still", (demo) => ({
    identity: { ...demo.identity, copy: () => Promise.reject(refusal) },
  }));
  await userEvent.click(await screen.findByRole("button", { name: /View-only code/ }));
  await waitFor(() => expect(app.notices.list).toMatchObject([{ message: "The clipboard cannot be used." }]));
  expect(screen.queryByText("Copied")).toBeNull();
});
