import type { FigureRequest } from "../../protocol/FigureRequest";

/** A drawing that stands for the engine's: a frame, its title and a curve. */
export function demoFigure({ kind, title, width_mm }: FigureRequest): string {
  const points = Array.from({ length: 81 }, (_, k) => `${30 + k * 2.4},${120 - 70 / Math.cosh((k - 40) / 10) ** 2}`).join(" ");
  const escaped = (title || kind.replace("_", " ")).replace(/[<&]/g, (c) => (c === "<" ? "&lt;" : "&amp;"));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 150" width="${width_mm}mm"><style>text{fill:red}</style>
    <rect x="28" y="24" width="200" height="104" fill="none" stroke="#333"/><polyline points="${points}" fill="none" stroke="#21689e" stroke-width="1.2"/>
    <text x="128" y="16" text-anchor="middle" font-family="Arial" font-size="9" fill="#111">${escaped}</text>
    <text x="128" y="144" text-anchor="middle" font-family="Arial" font-size="8" fill="#111">File number</text></svg>`;
}
