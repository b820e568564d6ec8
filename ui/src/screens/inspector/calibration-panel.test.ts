import { screen, within } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import type { Command } from "../../protocol/Command";
import type { AnswerTo, Platform } from "../../platform/platform";
import type { Query } from "../../protocol/Query";
import type { SessionCalibration } from "../../protocol/SessionCalibration";
import { SessionView } from "../../session/session-view.svelte";
import { appOver, mountIn } from "../../testing/mounted";
import CalibrationPanel from "./CalibrationPanel.svelte";
import QualityPanel from "./QualityPanel.svelte";

const SESSION = "5e551000-0000-4000-8000-000000000004";
let view: SessionView;
afterEach(() => view.close());

function fitted(electrode: number): SessionCalibration {
  const points = [0, 1e-6, 3e-6, 1e-5].map((concentration_m, k) => ({
    electrode, concentration_m, value: 100 + 10 * k, count: 9, deviation: 0.5, residual: 0,
  }));
  return {
    electrode, pooled: false, response: "kdm_difference", drift_corrected: false, k_m: 3e-6, k_error_m: 1e-7, k_low_m: 2.5e-6, k_high_m: 3.5e-6,
    y_min: 100, y_min_error: 1, y_min_low: 98, y_min_high: 102, y_max: 150, y_max_error: 1, y_max_low: 148, y_max_high: 152, hill: 1,
    hill_error: null, hill_low: null, hill_high: null, limit_of_detection_m: 2e-7, blank_deviation: 0.5, blank_source: "scans",
    limit_of_detection_reason: null, dynamic_range_low_m: 3.3e-7, dynamic_range_high_m: 2.7e-5, r_squared: 0.998, residual_deviation: 0.4,
    degrees_of_freedom: 3, confidence: 0.95, lowest_m: 0, highest_m: 1e-5, covariance: [[1]], points, steps_without_value_m: [], reason: null,
    message: null,
  };
}

async function open(more: Partial<Platform> = {}) {
  const commands = vi.fn<(command: Command) => void>();
  const queries = vi.fn<(query: Query) => void>();
  const app = appOver("scene=still", (demo) => ({
    query: async <Q extends Query>(query: Q) => {
      queries(query);
      if (query.query !== "calibrations") return demo.query(query);
      return { answer: "calibrations", calibrations: [fitted(1), fitted(2)] } as unknown as AnswerTo<Q["query"]>;
    },
    command: (command) => {
      commands(command);
      return demo.command(command);
    },
    ...more,
  }));
  view = new SessionView(app.platform, app.hub, SESSION);
  await vi.waitFor(() => expect(view.phase).toBe("ready"));
  return { app, commands, queries, user: userEvent.setup() };
}

test("a calibration is tried out, used, and its curves are kept as revisions of the settings", async () => {
  const { app, commands, queries, user } = await open();
  mountIn(app, CalibrationPanel, { view });
  expect(screen.getByText(/A titration makes concentrations/)).toBeTruthy();
  await user.selectOptions(screen.getByLabelText("Where the curve comes from"), "markers");
  expect(await screen.findByRole("img", { name: /^Calibration curve with 4 points; half of the change at 3\.00/ })).toBeTruthy();
  expect(queries).toHaveBeenCalledWith(
    expect.objectContaining({ query: "calibrations", calibration: expect.objectContaining({ source: "markers" }) as unknown }),
  );
  expect(screen.getByText(/^3\.00.µM \(2\.50.µM to 3\.50.µM\)$/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Use this calibration" }));
  expect(commands.mock.calls[0]?.[0]).toMatchObject({ command: "revise_settings", settings: { calibration: { source: "markers" } } });
  await vi.waitFor(() => expect(view.settings?.calibration.source).toBe("markers"));
  await user.click(await screen.findByRole("button", { name: "Keep these curves" }));
  expect(commands.mock.calls.at(-1)?.[0]).toMatchObject({
    command: "revise_settings",
    settings: { calibration: { source: "curves", curves: [{ electrode: 1, k_m: 3e-6 }, { electrode: 2 }] } },
  });
});

test("steps are typed, and what is wrong with one is said before it is used", async () => {
  const { app, commands, user } = await open();
  mountIn(app, CalibrationPanel, { view });
  await user.selectOptions(screen.getByLabelText("Where the curve comes from"), "steps");
  await user.click(screen.getByRole("button", { name: "Add a step" }));
  const use = screen.getByRole("button", { name: "Use this calibration" });
  expect(use.getAttribute("title")).toBe("A concentration is a number from 0, in µM.");
  await user.type(screen.getByLabelText("Concentration of step 1, µM"), "2,5");
  expect(use.getAttribute("aria-disabled")).toBeNull();
  await user.click(use);
  expect(commands.mock.calls[0]?.[0]).toMatchObject({
    settings: { calibration: { source: "steps", steps: [{ concentration_m: 2.5e-6, first_index: 1, last_index: 10 }] } },
  });
});

test("those who may only look see the curves and find the reason on what changes them", async () => {
  const reason = "You are looking with a view-only code.";
  const control = { can: false, reason } as const;
  const { app } = await open({ capabilities: { control, folders: control, identity: control, sharing: control } });
  mountIn(app, CalibrationPanel, { view });
  const source = screen.getByLabelText<HTMLSelectElement>("Where the curve comes from");
  expect(source.disabled).toBe(true);
  expect(source.title).toBe(reason);
});

test("the quality of each electrode leads to its points", async () => {
  const { app, user } = await open();
  mountIn(app, QualityPanel, { view });
  const section = await screen.findByRole("region", { name: /^E1, 15/ });
  expect(within(section).getByText("SNR, median")).toBeTruthy();
  await user.click(within(section).getByRole("button", { name: /without reservation$/ }));
  const [first] = await within(section).findAllByRole("button", { name: /^file / });
  await user.click(first as HTMLElement);
  expect(view.selectedMeasurement).not.toBeNull();
});
