import { expect, test, vi } from "vitest";

import { CV_FOLDER, DEMO_FOLDER } from "../platform/demo/folders";
import type { Arrival } from "../platform/platform";
import type { Command } from "../protocol/Command";
import { appOver } from "../testing/mounted";
import { joined } from "./arrivals.svelte";

function window(): { app: ReturnType<typeof appOver>; commands: Command[]; arrive: (arrival: Arrival) => void } {
  const commands: Command[] = [];
  let arrive: (arrival: Arrival) => void = () => {};
  const app = appOver("scene=still", (demo) => ({
    arriving: async (listener) => {
      arrive = listener;
    },
    command: async (command) => {
      commands.push(command);
      return command.command === "open_archive" ? { outcome: "started", session: "5e55-archive" } : demo.command(command);
    },
  }));
  return { app, commands, arrive: (arrival) => arrive(arrival) };
}

test("what is dragged over the window is counted until it is dropped or gone", () => {
  const { app, arrive } = window();
  arrive({ arrival: "over", paths: 3 });
  expect(app.arrivals.over).toBe(3);
  arrive({ arrival: "left" });
  expect(app.arrivals.over).toBeNull();
});

test("dropped files are sorted into sessions that are shown before anything starts", async () => {
  const { app, commands, arrive } = window();
  arrive({ arrival: "came", paths: [DEMO_FOLDER, `${CV_FOLDER}/CV_1.txt`, "/home/ada/gone.txt"] });
  await vi.waitFor(() => expect(app.route.screen).toBe("new_session"));
  expect(app.route).toMatchObject({ door: "open", folder: DEMO_FOLDER });
  const { lot } = app.route as Extract<typeof app.route, { screen: "new_session" }>;
  expect(lot?.parts.map(({ folder, technique }) => [folder, technique])).toEqual([
    [DEMO_FOLDER, "swv"],
    [CV_FOLDER, "cv"],
  ]);
  expect(lot?.refused.map(({ file }) => file)).toEqual(["/home/ada/gone.txt"]);
  expect(commands).toEqual([]);
});

test("an archive opens at once, as a temporary session", async () => {
  const { app, commands, arrive } = window();
  arrive({ arrival: "came", paths: ["/home/ada/run.sacmes"] });
  await vi.waitFor(() => expect(app.route).toEqual({ screen: "session", session: "5e55-archive" }));
  expect(commands).toEqual([{ command: "open_archive", path: "/home/ada/run.sacmes", name: "", temporary: true }]);
});

test("what cannot be opened is told, and the screen stays", async () => {
  const { app, arrive } = window();
  arrive({ arrival: "came", paths: ["/home/ada/gone.txt", "/home/ada/gone too.txt"] });
  await vi.waitFor(() => expect(app.notices.list).toHaveLength(1));
  expect(app.notices.list[0]?.message).toBe("/home/ada/gone.txt is not there. 1 other could not be opened either.");
  expect(app.route.screen).toBe("start");
});

test("whoever sets up a session is asked first, and showing somebody else's ends", async () => {
  const { app, arrive } = window();
  const taker = vi.fn(() => true);
  const comeBack = vi.fn();
  app.arrivals.taker = taker;
  app.arrivals.comeBack = comeBack;
  arrive({ arrival: "came", paths: [DEMO_FOLDER] });
  await vi.waitFor(() => expect(taker).toHaveBeenCalledOnce());
  expect(comeBack).toHaveBeenCalledOnce();
  expect(app.route.screen).toBe("start");
});

test("paths are joined as their computer writes them", () => {
  expect(joined("/data/run", "a.txt")).toBe("/data/run/a.txt");
  expect(joined("/", "a.txt")).toBe("/a.txt");
  expect(joined("C:\\data", "a.txt")).toBe("C:\\data\\a.txt");
});
