/** Parts of the inspector. */
export const INSPECTOR_TABS = ["Settings", "Files", "Point", "Markers", "Quality", "Calibration", "Notes", "Revisions"] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number];
