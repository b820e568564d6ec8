import { fireEvent, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";

import { appOver, mountIn } from "../../testing/mounted";
import DropVeil from "./DropVeil.svelte";

const files = { dataTransfer: { types: ["Files"], dropEffect: "copy" } };
const veil = (scene: string, onleave = vi.fn()) => {
  const app = appOver(scene);
  mountIn(app, DropVeil, { app, own: null, onleave });
  return app;
};

test("while files are dragged over the window it says where they go", async () => {
  const app = veil("scene=still");
  expect(screen.queryByRole("status")).toBeNull();
  app.arrivals.over = 1;
  expect((await screen.findByRole("status")).textContent).toMatch(/Drop to open 1 item.*before anything starts/su);
  app.arrivals.taker = () => true;
  app.arrivals.over = null;
  app.arrivals.over = 1000;
  await vi.waitFor(() => expect(screen.getByRole("status").textContent).toContain("1,000 items"));
});

test("in a browser files are refused with the way there is, and the page is not left for them", async () => {
  veil("scene=still&follow=live");
  expect(await fireEvent.dragOver(document.body, files)).toBe(false);
  expect((await screen.findByRole("status")).textContent).toContain("Copy them to the computer that records");
  expect(await fireEvent.drop(document.body, files)).toBe(false);
  expect(screen.queryByRole("status")).toBeNull();
});

test("whoever only looks is told that, and text that is dragged is nobody's business", async () => {
  veil("scene=still&follow=view_only");
  expect(await fireEvent.dragOver(document.body, { dataTransfer: { types: ["text/plain"] } })).toBe(true);
  expect(screen.queryByRole("status")).toBeNull();
  await fireEvent.dragOver(document.body, files);
  expect((await screen.findByRole("status")).textContent).toMatch(/view-only code/);
});

test("where somebody else's experiments are shown, files open on this computer, which comes back for them", async () => {
  const own = appOver("scene=still");
  const followed = appOver("scene=still&follow=live");
  const onleave = vi.fn();
  mountIn(followed, DropVeil, { app: followed, own, onleave });
  own.arrivals.over = 2;
  expect((await screen.findByRole("status")).textContent).toContain("They open on this computer");
  own.arrivals.comeBack?.();
  expect(onleave).toHaveBeenCalledOnce();
});
