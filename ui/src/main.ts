import "./language";
import "./remote/arrival";
import "./design/tokens.css";
import "./design/base.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { openPlatform } from "./platform/host";

const target = document.getElementById("app");
if (target) {
  const platform = await openPlatform();
  if (platform) {
    mount(App, { target, props: { platform } });
  } else {
    const { default: FollowRoot } = await import("./screens/follow/FollowRoot.svelte");
    mount(FollowRoot, { target, props: { relay: location.origin } });
  }
}
