import { afterAll } from "vitest";

import { endAll } from "./program";

// Runs after those of the tests, and also where these failed.
afterAll(endAll);
