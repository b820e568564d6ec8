/** Whether this build carries the in-memory demo host; false in everything that is shipped. */
declare const __HAS_DEMO__: boolean;
/** Version of this program. */
declare const __VERSION__: string;
