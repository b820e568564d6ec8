// What cannot be read or reached on a page: texts that are cut off or lie on one another, controls that nobody can get at.

import type { Page } from "playwright-core";

/** In words, one line for each; empty where nothing is wrong. */
export function outOfReach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const NEAR = 2;
    const root = document.scrollingElement ?? document.documentElement;
    if (root.scrollWidth > innerWidth) faults.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth} px`);
    const modal = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

    const told = (element: Element): string => {
      const name = element.getAttribute("aria-label") ?? element.getAttribute("title") ?? (element.textContent ?? "").trim().replace(/\s+/g, " ");
      const place = element.closest("section, article, dialog, aside, nav, header, footer, [role=group]");
      const of = place && place !== element ? ` in <${place.tagName.toLowerCase()} ${place.getAttribute("aria-label") ?? place.className}>` : "";
      return `<${element.tagName.toLowerCase()} ${String(element.getAttribute("class") ?? "").replace(/ ?svelte-\w+/g, "")}> "${name.slice(0, 60)}"${of}`;
    };
    const isDrawn = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest(".visually-hidden, [inert]");
    /** What hides the rest of a thing that is larger, and cannot be moved to it. */
    const clips = (style: CSSStyleDeclaration, way: "overflowX" | "overflowY"): boolean => ["hidden", "clip"].includes(style[way]);
    const scrolls = (style: CSSStyleDeclaration, way: "overflowX" | "overflowY"): boolean => ["auto", "scroll"].includes(style[way]);

    // Texts that an element cuts off, which cannot be moved to them.
    const texts: { element: Element; text: string; box: DOMRect }[] = [];
    const walker = document.createTreeWalker(modal, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = (node.textContent ?? "").trim();
      if (!element || text === "" || !isDrawn(element) || element.closest("option, script, style, svg, textarea, canvas")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) texts.push({ element, text, box });
    }
    const cut = new Set<Element>();
    for (const { element, box } of texts) {
      let mayScrollX = false;
      let mayScrollY = false;
      for (let around: Element | null = element; around && around !== document.documentElement; around = around.parentElement) {
        const style = getComputedStyle(around);
        if (style.display === "inline" || style.display === "contents") continue;
        const frame = around.getBoundingClientRect();
        if (scrolls(style, "overflowX")) mayScrollX = true;
        if (scrolls(style, "overflowY")) mayScrollY = true;
        const isShortened = style.textOverflow === "ellipsis";
        if (clips(style, "overflowX") && !mayScrollX && (box.right > frame.right + NEAR || box.left < frame.left - NEAR)) {
          const isTold = isShortened && around.closest("[title], [aria-label]") !== null && around.closest("button, label") === null;
          const hasTitle = around.closest("[title]") !== null;
          if (!isTold && !(isShortened && hasTitle)) cut.add(around);
        }
        if (clips(style, "overflowY") && !mayScrollY && (box.bottom > frame.bottom + 3 || box.top < frame.top - 3)) cut.add(around);
        if (style.position === "fixed") break;
      }
    }
    for (const element of cut) faults.push(`cut off: ${told(element)}`);

    // Controls that are not there once they are moved into sight.
    const CONTROLS = "button, input, select, textarea, a[href], summary, [role=slider], [role=tab], [tabindex='0']";
    const before = [...document.querySelectorAll("*")].filter(({ scrollTop, scrollLeft }) => scrollTop || scrollLeft).map((element) => ({ element, top: element.scrollTop, left: element.scrollLeft }));
    const controls = [...modal.querySelectorAll<HTMLElement>(CONTROLS)].filter((control) => isDrawn(control));
    for (const control of controls) {
      control.scrollIntoView({ block: "center", inline: "center" });
      const box = control.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) {
        faults.push(`has no size: ${told(control)}`);
        continue;
      }
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      const isLarge = box.width > 200 && box.height > 150;
      if (!isLarge && (box.left < -NEAR || box.right > innerWidth + NEAR || box.top < -NEAR || box.bottom > innerHeight + NEAR)) {
        faults.push(`out of the window: ${told(control)} at ${[box.left, box.top, box.right, box.bottom].map(Math.round).join(", ")}`);
        continue;
      }
      const hit = document.elementFromPoint(Math.min(Math.max(x, 0), innerWidth - 1), Math.min(Math.max(y, 0), innerHeight - 1));
      const isHit = hit !== null && (control.contains(hit) || hit.contains(control) || hit.closest("label")?.contains(control) === true);
      const isPlot = control.getAttribute("role") === "slider" || isLarge;
      if (!isHit && !isPlot) faults.push(`covered: ${told(control)} by ${hit ? told(hit) : "nothing"}`);
    }
    for (const element of document.querySelectorAll("*")) if (element.scrollTop || element.scrollLeft) element.scrollTo({ top: 0, left: 0, behavior: "instant" });
    for (const { element, top, left } of before) element.scrollTo({ top, left, behavior: "instant" });

    // Texts that lie on one another, where they are drawn.
    const shown = texts.map(({ element, text }) => ({ element, text })).filter(({ element }, at, all) => all.findIndex((other) => other.element === element) === at)
      .flatMap(({ element, text }) => {
        const range = document.createRange();
        return [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "").flatMap((node) => {
          range.selectNodeContents(node);
          return [...range.getClientRects()].map((box) => ({ element, text, box }));
        });
      })
      .filter(({ element, box }) => {
        const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return hit !== null && (element.contains(hit) || hit.contains(element));
      });
    for (const [at, one] of shown.entries()) {
      for (const other of shown.slice(at + 1)) {
        if (one.element.contains(other.element) || other.element.contains(one.element)) continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 3 && high > 5) faults.push(`"${one.text.slice(0, 40)}" lies on "${other.text.slice(0, 40)}": ${told(one.element)}`);
      }
    }
    return [...new Set(faults)];
  });
}
