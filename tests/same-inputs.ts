import { followClock } from "../src/platform/clock.ts";
import * as fc from "fast-check";
import { vi } from "vitest";

/**
 * The properties' inputs: the same in every run of `npm test`, so that what fails fails for the change that is
 * tested; `npm run fuzz` makes new and more ones. See {@link https://fast-check.dev/docs/configuration/global-settings/}.
 */
const fuzzing = process.env["MODE"] === "fuzz";
fc.configureGlobal(fuzzing ? { numRuns: 2000 } : { seed: 20_260_601 });
if (fuzzing) vi.setConfig({ testTimeout: 900_000 });

/*
 * A file before this one in the same worker may have followed a database's clock. One of another day is left alone. What it
 * has set of the process ends with it, also where a test of it has failed.
 */
followClock(0, 0);
vi.unstubAllEnvs();
vi.useRealTimers();
vi.restoreAllMocks();
