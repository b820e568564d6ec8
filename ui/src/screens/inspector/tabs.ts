/** Parts of the inspector. */
export const INSPECTOR_TABS = ["Settings", "Files", "Markers", "Revisions"] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number];
