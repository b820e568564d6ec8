/** Where a plot area is, for what lies above it. Pixels are of the plot area. */
export interface PlotGeometry {
  width: number;
  height: number;
  /** The pixel of a place on the axis along the data. */
  px(x: number): number;
  /** The place on that axis at a pixel. */
  xAt(px: number): number;
}
