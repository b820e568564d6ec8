import "./language";
import "./design/tokens.css";
import "./design/base.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { openPlatform } from "./platform/host";

const target = document.getElementById("app");
if (target) mount(App, { target, props: { platform: await openPlatform() } });
