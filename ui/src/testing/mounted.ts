import { render } from "@testing-library/svelte";
import type { Component } from "svelte";

import { App } from "../app/app.svelte";
import { demoPlatform } from "../platform/demo/platform";
import type { Platform } from "../platform/platform";
import WithApp from "./WithApp.svelte";

type Change = (demo: Platform) => Partial<Platform>;

/** An app over the demo host; `change` replaces parts of the host. */
export function appOver(scene: string, change: Change = () => ({})): App {
  const demo = demoPlatform(`?${scene}`);
  return App.open({ ...demo, ...change(demo) });
}

/** Mounts a component in an app. */
export function mountIn<Props extends Record<string, unknown>>(app: App, component: Component<Props>, given: Props): void {
  render(WithApp, { props: { app, component: component as unknown as Component<Record<string, unknown>>, given } });
}

/** A component mounted in such an app. */
export function mounted<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
  scene = "scene=still",
  change: Change = () => ({}),
): { app: App } {
  const app = appOver(scene, change);
  mountIn(app, component, props);
  return { app };
}
