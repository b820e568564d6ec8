// Times between frames at rest, while the cursor moves over a plot, and while it is panned.
const [withCursor, done] = arguments;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const area = document.querySelector(".trends .u-over");
const box = area.getBoundingClientRect();
const fire = (type, x, y) =>
  area.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, pointerType: "mouse", bubbles: true }));
const frames = (run_ms, each) =>
  new Promise((resolve) => {
    const times = [];
    const begun = performance.now();
    let last = begun;
    const frame = () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (now - begun < run_ms) {
        each(now - begun);
        requestAnimationFrame(frame);
        return;
      }
      const sorted = times.slice(1).sort((a, b) => a - b);
      resolve({
        per_s: (sorted.length / (last - begun)) * 1000,
        p95_ms: sorted[Math.floor(sorted.length * 0.95)],
        longest_ms: sorted.at(-1),
      });
    };
    requestAnimationFrame(frame);
  });
const measure = async () => {
  await pause(1500);
  const found = { rest: await frames(4000, () => {}) };
  if (withCursor) found.cursor = await frames(4000, (t) => fire("pointermove", box.left + ((t / 10) % box.width), box.top + box.height / 2));
  for (let k = 0; k < 6; k++) {
    area.dispatchEvent(new WheelEvent("wheel", { clientX: box.left + box.width / 2, clientY: box.top + 20, deltaY: -240, bubbles: true, cancelable: true }));
  }
  await pause(500);
  fire("pointerdown", box.left + box.width / 2, box.top + 20);
  found.pan = await frames(5000, (t) => fire("pointermove", box.left + box.width / 2 + 200 * Math.sin(t / 400), box.top + 20));
  fire("pointerup", box.left + box.width / 2, box.top + 20);
  return found;
};
measure().then(done, (thrown) => done(String(thrown)));
