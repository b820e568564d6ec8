/** Keys that move the time in view, wherever on the page nothing else wants them. */

export type TimeKey = "play" | "back" | "on" | "back-far" | "on-far" | "first" | "newest" | "marker-back" | "marker-on";

/** What a key means here; null: nothing. */
export function timeKey(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">): TimeKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  switch (event.key) {
    case " ":
      return event.shiftKey ? null : "play";
    case "ArrowLeft":
      return event.shiftKey ? "back-far" : "back";
    case "ArrowRight":
      return event.shiftKey ? "on-far" : "on";
    case "Home":
      return "first";
    case "End":
      return "newest";
    case "[":
      return "marker-back";
    case "]":
      return "marker-on";
    default:
      return null;
  }
}

/** What has a meaning of its own for these keys: fields, buttons, plots, lists, and everything in a dialog or menu. */
const OTHERS =
  "input:not([type=range]), select, textarea, button, a[href], summary, dialog, [contenteditable], [role=slider], [role=menu], [role=tab], [role=listbox], [role=grid], [role=region][tabindex]";

/** Whether whatever has the focus leaves the keys to the time bar. `bar`: its own slider, which leaves it the space. */
export function leavesKeys(target: EventTarget | null, own: HTMLElement | undefined, key: TimeKey): boolean {
  if (!(target instanceof Element)) return true;
  // Its slider moves by itself; playing and markers are not its to know.
  if (target === own) return key === "play" || key.startsWith("marker");
  if (target instanceof HTMLInputElement && target.type === "range") return false;
  return target.closest(OTHERS) === null;
}
