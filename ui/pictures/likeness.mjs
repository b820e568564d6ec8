// How much a picture differs from the one that is kept of it. Kept are lossless WebP of half the size: small enough for the
// repository, and free of what the drawing of letters differs by from machine to machine.

/** @typedef {import("playwright-core").Page} Page */

/** How far a channel may be off, of 255, before a pixel counts as different. */
const MOST_OFF = 48;

/**
 * A picture as it is kept.
 * @param {Page} page Any page. @param {Buffer} png
 */
export async function reduced(page, png) {
  const webp = await page.evaluate(async (source) => {
    const picture = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = new OffscreenCanvas(Math.round(picture.width / 2), Math.round(picture.height / 2));
    const context = canvas.getContext("2d");
    if (!context) throw new Error("nothing can be drawn");
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: 1 })).arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }, `data:image/png;base64,${png.toString("base64")}`);
  return Buffer.from(webp, "base64");
}

/**
 * Share of the pixels that differ between two pictures as they are kept; 1 where their sizes differ.
 * @param {Page} page Any page. @param {Buffer} one @param {Buffer} other
 */
export async function difference(page, one, other) {
  const source = (/** @type {Buffer} */ webp) => `data:image/webp;base64,${webp.toString("base64")}`;
  return page.evaluate(
    async ({ sources, most }) => {
      const [a, b] = await Promise.all(
        sources.map(async (from) => {
          const picture = await createImageBitmap(await (await fetch(from)).blob());
          const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
          if (!context) throw new Error("nothing can be drawn");
          context.drawImage(picture, 0, 0);
          return context.getImageData(0, 0, picture.width, picture.height);
        }),
      );
      if (!a || !b || a.width !== b.width || a.height !== b.height) return 1;
      let different = 0;
      for (let at = 0; at < a.data.length; at += 4) {
        for (let channel = 0; channel < 3; channel++) {
          if (Math.abs((a.data[at + channel] ?? 0) - (b.data[at + channel] ?? 0)) > most) {
            different++;
            break;
          }
        }
      }
      return different / (a.width * a.height);
    },
    { sources: [source(one), source(other)], most: MOST_OFF },
  );
}
