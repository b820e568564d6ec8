import type { EventHub } from "../session/event-hub";

/** Trouble of the store (a full disk, a locked database) as long as it lasts. */
export class StoreTrouble {
  /** Empty when there is none. */
  message = $state("");

  constructor(hub: EventHub) {
    hub.onLive((event) => {
      if (event.event === "store_trouble") this.message = event.code === "" ? "" : event.message;
    });
  }
}
