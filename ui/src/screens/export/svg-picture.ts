/** An SVG that the engine drew, as elements of the page: only shapes and texts, nothing that could load or run anything. */

const SVG = "http://www.w3.org/2000/svg";
const ELEMENTS = new Set([
  "svg", "g", "path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text", "tspan", "defs", "clipPath", "title", "desc",
]);
const ATTRIBUTES = new Set([
  "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "transform", "fill",
  "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-dasharray",
  "stroke-miterlimit", "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "dominant-baseline", "dx", "dy",
  "id", "clip-path", "clip-rule", "preserveAspectRatio", "xml:space", "baseline-shift", "letter-spacing",
]);
/** Embedded fonts and styles, which the policy of the page has nothing of, not even while a text is read. */
const STYLES = /<style[\s>][^]*?<\/style\s*>|\sstyle\s*=\s*(?:"[^"]*"|'[^']*')/gi;
/** A picture of this many elements is no picture for a preview. */
const MOST_ELEMENTS = 60_000;

/** Null where the text is no SVG. */
export function svgElement(text: string): SVGSVGElement | null {
  const parsed = new DOMParser().parseFromString(text.replace(STYLES, ""), "image/svg+xml").documentElement;
  if (parsed.localName !== "svg" || parsed.namespaceURI !== SVG) return null;
  let left = MOST_ELEMENTS;
  const copy = (from: Element): SVGElement => {
    const to = document.createElementNS(SVG, from.localName) as SVGElement;
    for (const { name, value } of from.attributes) {
      const leads = /url\(/i.test(value) && !/^url\(#[\w-]+\)$/.test(value.trim());
      if (ATTRIBUTES.has(name) && !leads) to.setAttribute(name, value);
    }
    for (const child of from.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent ?? "");
      else if (child instanceof Element && child.namespaceURI === SVG && ELEMENTS.has(child.localName) && left-- > 0) to.append(copy(child));
    }
    return to;
  };
  return copy(parsed) as SVGSVGElement;
}
