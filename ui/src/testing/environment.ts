// What jsdom lacks and the UI uses: layout-free stand-ins, so that components mount as in a window. And patience.

import { configure } from "@testing-library/svelte";
import { vi } from "vitest";

configure({ asyncUtilTimeout: 20_000 });
vi.waitFor = patiently(vi.waitFor);

/** What waits without a limit of its own waits as long as the machine may need. */
function patiently(waitFor: typeof vi.waitFor): typeof vi.waitFor {
  return (callback, options = 20_000) => waitFor(callback, options);
}

class SizelessObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= SizelessObserver;

globalThis.matchMedia ??= (query: string): MediaQueryList => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
});

if (!("Path2D" in globalThis)) {
  class EmptyPath {
    moveTo(): void {}
    lineTo(): void {}
    rect(): void {}
    arc(): void {}
    closePath(): void {}
    addPath(): void {}
  }
  Object.assign(globalThis, { Path2D: EmptyPath });
}

// Opening and closing as a browser does, without the top layer.
HTMLDialogElement.prototype.show ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  if (!this.open) return;
  this.open = false;
  this.dispatchEvent(new Event("close"));
};

HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.animate ??= () =>
  ({ cancel() {}, finished: Promise.resolve(), onfinish: null, currentTime: 0 }) as unknown as Animation;
