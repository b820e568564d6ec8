import "./language";
import "./remote/arrival";
import "./design/tokens.css";
import "./design/base.css";
import "./design/scheme.svelte";

import { mount } from "svelte";

import { openPlatform } from "./platform/host";
import OwnRoot from "./screens/elsewhere/OwnRoot.svelte";

const target = document.getElementById("app");
if (target) {
  const platform = await openPlatform();
  if (platform) {
    mount(OwnRoot, { target, props: { platform } });
  } else {
    const { default: FollowRoot } = await import("./screens/follow/FollowRoot.svelte");
    mount(FollowRoot, { target, props: { relay: location.origin } });
  }
}
