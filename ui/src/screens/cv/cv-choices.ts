import { PartChoices } from "../sweeps/part-choices.svelte";
import { HIDDEN_AT_FIRST } from "./cv-quantities";

/** What this viewer sees of the trends of voltammograms. */
export const choices = new PartChoices("sacmes.cv", HIDDEN_AT_FIRST);
