/** What pointer, wheel and keys mean on a plot: zoom, pan, box, pick, and moving the cursor. Pixels are of the plot area. */

/** A place on the plot area. */
export interface Place {
  px: number;
  py: number;
}

/** A rectangle on the plot area. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What a plot does with gestures. */
export interface GestureHandler {
  hover(place: Place | null): void;
  /** A click or tap that was no drag. */
  pick(place: Place): void;
  /** `factor` < 1 shows less. */
  zoom(about: Place, axes: { x: boolean; y: boolean }, factor: number): void;
  panStart(): void;
  /** Pixels since the last call. */
  pan(dx: number, dy: number): void;
  box(box: Box): void;
  /** A box being drawn; null when it is over. */
  boxing(box: Box | null): void;
  reset(): void;
  menu(place: Place, client: { x: number; y: number }): void;
}

/** Movement below this is a click, not a drag. */
const DRAG_FROM_PX = 4;
const SMALLEST_BOX_PX = 6;
const WHEEL_PER_NOTCH = 0.0016;
const PX_PER_WHEEL_LINE = 16;

interface Touch extends Place {
  id: number;
}

/** Zoom factor of a wheel event: the same for a notch of a mouse and for the sum of a touchpad's small steps. */
export function wheelFactor(event: Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">): number {
  const perUnit = event.deltaMode === 1 ? PX_PER_WHEEL_LINE : event.deltaMode === 2 ? 400 : 1;
  // Pinching on a touchpad comes as small wheel steps with the control key.
  const speed = event.ctrlKey ? 5 : 1;
  const delta = Math.max(-300, Math.min(300, event.deltaY * perUnit * speed));
  return Math.exp(delta * WHEEL_PER_NOTCH);
}

/** The rectangle between two places. A side that is only a few pixels long means "all of that axis". */
export function boxBetween(a: Place, b: Place, size: { width: number; height: number }): Box | null {
  const left = Math.max(0, Math.min(a.px, b.px));
  const top = Math.max(0, Math.min(a.py, b.py));
  const width = Math.min(size.width, Math.max(a.px, b.px)) - left;
  const height = Math.min(size.height, Math.max(a.py, b.py)) - top;
  if (width < SMALLEST_BOX_PX && height < SMALLEST_BOX_PX) return null;
  if (height < SMALLEST_BOX_PX * 2) return { left, top: 0, width, height: size.height };
  if (width < SMALLEST_BOX_PX * 2) return { left: 0, top, width: size.width, height };
  return { left, top, width, height };
}

/** Listens on `area`; returns what ends the listening. */
export function listen(area: HTMLElement, handler: GestureHandler): () => void {
  const touches: Touch[] = [];
  let start: Place | null = null;
  let last: Place | null = null;
  let mode: "none" | "press" | "pan" | "box" | "pinch" = "none";
  const ended = new AbortController();
  const options = { signal: ended.signal };

  const placeOf = (event: MouseEvent): Place => {
    const rectangle = area.getBoundingClientRect();
    return { px: event.clientX - rectangle.left, py: event.clientY - rectangle.top };
  };
  const size = () => ({ width: area.clientWidth, height: area.clientHeight });

  area.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      const place = placeOf(event);
      touches.push({ id: event.pointerId, ...place });
      area.setPointerCapture?.(event.pointerId);
      mode = touches.length === 2 ? "pinch" : event.shiftKey ? "box" : "press";
      start = last = place;
    },
    options,
  );

  area.addEventListener(
    "pointermove",
    (event) => {
      const place = placeOf(event);
      const touch = touches.find((t) => t.id === event.pointerId);
      if (!touch) {
        if (event.pointerType !== "touch") handler.hover(place);
        return;
      }
      if (mode === "pinch") pinch(touch, place);
      Object.assign(touch, place);
      if (!start || !last || mode === "pinch") return;
      if (mode === "press" && Math.hypot(place.px - start.px, place.py - start.py) >= DRAG_FROM_PX) {
        mode = "pan";
        handler.panStart();
      }
      if (mode === "pan") {
        handler.pan(place.px - last.px, place.py - last.py);
        handler.hover(null);
      }
      if (mode === "box") handler.boxing(boxBetween(start, place, size()));
      last = place;
    },
    options,
  );

  const release = (event: PointerEvent, cancelled: boolean) => {
    const at = touches.findIndex((t) => t.id === event.pointerId);
    if (at < 0) return;
    touches.splice(at, 1);
    const place = placeOf(event);
    if (mode === "box" && start) {
      const box = cancelled ? null : boxBetween(start, place, size());
      handler.boxing(null);
      if (box) handler.box(box);
    } else if (mode === "press" && !cancelled) {
      handler.hover(place);
      handler.pick(place);
    }
    if (touches.length === 0) {
      mode = "none";
      start = last = null;
    }
  };
  area.addEventListener("pointerup", (event) => release(event, false), options);
  area.addEventListener("pointercancel", (event) => release(event, true), options);
  area.addEventListener("pointerleave", () => mode === "none" && handler.hover(null), options);
  area.addEventListener("dblclick", () => handler.reset(), options);
  area.addEventListener(
    "contextmenu",
    (event) => {
      event.preventDefault();
      handler.menu(placeOf(event), { x: event.clientX, y: event.clientY });
    },
    options,
  );
  area.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      handler.zoom(placeOf(event), event.shiftKey ? { x: false, y: true } : { x: true, y: false }, wheelFactor(event));
    },
    { signal: ended.signal, passive: false },
  );

  function pinch(moved: Touch, to: Place): void {
    const other = touches.find((t) => t.id !== moved.id);
    if (!other) return;
    // Fingers beside each other zoom along the data, fingers above each other its values.
    const isUpright = Math.abs(moved.py - other.py) > Math.abs(moved.px - other.px) * 2;
    const before = isUpright ? Math.abs(moved.py - other.py) : Math.abs(moved.px - other.px);
    const after = isUpright ? Math.abs(to.py - other.py) : Math.abs(to.px - other.px);
    if (before < 12 || after < 12) return;
    const about = { px: (to.px + other.px) / 2, py: (to.py + other.py) / 2 };
    handler.zoom(about, { x: !isUpright, y: isUpright }, before / after);
  }

  return () => ended.abort();
}
