import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import type { Platform } from "../../platform/platform";
import type { ProfileReport, Profiles } from "../../platform/profiles";
import { mounted } from "../../testing/mounted";
import Frame from "../frame/Frame.svelte";
import ProfileList from "./ProfileList.svelte";
import ProfileDialogs from "./ProfileDialogs.svelte";
import WithDialogs from "./testing/WithDialogs.svelte";
import { told } from "./words";

function settings(scene = "scene=still", change: (profiles: Profiles) => Partial<Profiles> = () => ({})): ReturnType<typeof mounted> {
  return mounted(WithDialogs, {}, scene, (demo: Platform) => {
    const profiles = demo.profiles as Profiles;
    return { profiles: { ...profiles, ...change(profiles) } };
  });
}

const click = async (name: string | RegExp): Promise<void> => userEvent.click(await screen.findByRole("button", { name }));
const notices = (app: ReturnType<typeof mounted>["app"]): string[] => app.notices.list.map(({ message }) => message);

test("the list says what each profile holds, what goes on, and what keeps one from being used", async () => {
  settings();
  const list = await screen.findByRole("list", { name: "Profiles" });
  const [ada, grace, room, teaching] = within(list).getAllByRole("listitem");
  expect(ada?.textContent).toContain("In use");
  expect(ada?.textContent).toContain("4 sessions · 12 notes · 412");
  expect(grace?.textContent).toContain("2 sessions running, shared");
  expect(room?.textContent).toContain("It is open in sacmes agent (process 4711). Close that first.");
  expect(teaching?.textContent).toContain("never opened");
  const reason = (name: string): string | null => screen.getByRole("button", { name }).getAttribute("title");
  expect(reason("Delete Ada")).toBe("This window uses it. Switch to another profile first.");
  expect(reason("Switch to Room 214")).toContain("process 4711");
  expect(screen.queryByRole("button", { name: "Switch to Ada" })).toBeNull();
});

test("a profile is made under a name that is free, and a name that is not is refused in its field", async () => {
  const { app } = settings();
  await click("New profile…");
  await userEvent.type(screen.getByLabelText("Name"), "grace{Enter}");
  expect(await screen.findByText(/There is a profile “Grace” already/)).toBeTruthy();
  await userEvent.clear(screen.getByLabelText("Name"));
  await userEvent.type(screen.getByLabelText("Name"), "Emmy");
  await click("Create the profile");
  expect(await screen.findByRole("button", { name: "Switch to Emmy" })).toBeTruthy();
  expect(notices(app)[0]).toContain("The profile “Emmy” is there");
});

test("a profile gets another name", async () => {
  const { app } = settings();
  await click("Rename Teaching");
  expect(screen.getByRole("button", { name: "Rename" }).getAttribute("title")).toBe("This is its name already.");
  await userEvent.clear(screen.getByLabelText("Name"));
  await userEvent.type(screen.getByLabelText("Name"), "Course 3");
  await click("Rename");
  expect(await screen.findByRole("button", { name: "Switch to Course 3" })).toBeTruthy();
  expect(notices(app)).toEqual(["The profile “Teaching” is called “Course 3” now."]);
});

test("switching while sessions run asks what shall happen to them, and says what was done", async () => {
  const use = vi.fn(
    async (profile: string, running: string): Promise<ProfileReport> => ({
      done: "switched", profile, previous: "Ada", kept: running === "keep" ? 1 : 0, stopped: running === "stop" ? 1 : 0, shared: false,
      warnings: running === "stop" ? ["“Overnight” was not stopped."] : [],
    }),
  );
  const { app } = settings("scene=still", () => ({ use }));
  await waitFor(() => expect(app.sessions.sessions).not.toBeNull());
  await waitFor(() => expect(app.info).not.toBeNull());
  await click("Switch to Teaching");
  const dialog = await screen.findByRole("dialog", { name: "Switch to “Teaching”?" });
  expect(dialog.textContent).toContain("running in “Ada”");
  expect(use).not.toHaveBeenCalled();
  expect(screen.getByRole<HTMLInputElement>("radio", { name: /Keep them running/ }).checked).toBe(true);
  await click("Switch to “Teaching”");
  await waitFor(() => expect(use).toHaveBeenCalledWith("Teaching", "keep"));
  expect(notices(app)).toEqual(["Using “Teaching” now. 1 session of “Ada” keeps running in the background."]);

  await click("Switch to Grace");
  await userEvent.click(await screen.findByRole("radio", { name: /Stop them/ }));
  await click("Switch to “Grace”");
  await waitFor(() => expect(use).toHaveBeenLastCalledWith("Grace", "stop"));
  await waitFor(() => expect(notices(app)).toContain("Using “Grace” now. 1 session of “Ada” was stopped."));
  expect(notices(app)).toContain("“Overnight” was not stopped.");
});

test("a switch that is refused says why, and nothing is closed", async () => {
  const refusal = { code: "profile_in_use", message: "The profile “Grace” is in use by sacmes agent.", hint: "Close that program first." };
  settings("scene=still", () => ({ use: () => Promise.reject(refusal) }));
  await click("Switch to Grace");
  await click("Switch to “Grace”");
  expect((await screen.findByRole("status")).textContent).toContain("is in use by sacmes agent. Close that program first.");
  expect(screen.getByRole("dialog")).toBeTruthy();
});

test("where nothing goes on, the switch is made at once; the current one is used already", async () => {
  const { app } = mounted(Frame, { children: (() => {}) as never }, "scene=empty");
  await waitFor(() => expect(app.sessions.sessions).toEqual([]));
  await click(/^Profile/);
  await click("Ada, in use");
  await waitFor(() => expect(notices(app)).toEqual(["Already using “Ada”."]));
  await click("Switch to Teaching");
  await waitFor(() => expect(notices(app).at(-1)).toContain("Using “Teaching” now."));
});

test("before a profile is deleted it is said what goes", async () => {
  const { app } = settings();
  await click("Delete Grace");
  const dialog = await screen.findByRole("dialog", { name: "Delete the profile “Grace”?" });
  for (const text of ["31 sessions", "2 sessions running, shared", "4 notes", "its User ID", "1 remembered agent", "1.89", "/profiles/Grace"]) {
    expect(dialog.textContent).toContain(text);
  }
  await click("Delete the profile");
  await waitFor(() => expect(screen.queryByText("Grace")).toBeNull());
  expect(notices(app)).toEqual(["The profile “Grace” is deleted with its data."]);
});

test("a page that comes after a switch tells what was done", async () => {
  const report: ProfileReport = { done: "switched", profile: "Grace", previous: "Ada", kept: 2, stopped: 0, shared: true, warnings: [] };
  const { app } = mounted(ProfileDialogs, { profiles: { question: null } as never }, "scene=still", (demo) => ({
    profiles: { ...(demo.profiles as Profiles), report: async () => report },
  }));
  await waitFor(() =>
    expect(notices(app)).toEqual(["Using “Grace” now. 2 sessions of “Ada” keep running in the background, shared as before."]),
  );
  expect(told({ ...report, kept: 0 })).toBe("Using “Grace” now. “Ada” stays shared in the background.");
});

test("who looks at another computer sees none of its profiles", () => {
  const { app } = mounted(ProfileList, { profiles: { watch: () => () => {}, list: null, refusal: null } as never }, "scene=still&follow=live");
  expect(app.profiles).toBeNull();
});
