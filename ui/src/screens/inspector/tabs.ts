/** Parts of the inspector. */
export const INSPECTOR_TABS = ["Settings", "Files", "Markers", "Quality", "Calibration", "Revisions"] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number];
