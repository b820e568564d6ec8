// Before anything is drawn: dark or light, so that the page never appears in the wrong one. Looked after by
// src/design/scheme.svelte.ts from then on. A file of its own, because the content security policy allows no inline script.
(() => {
  let chosen = "system";
  try {
    chosen = JSON.parse(localStorage.getItem("sacmes.look") ?? "{}").theme;
  } catch {
    // Without storage the system's choice holds.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
