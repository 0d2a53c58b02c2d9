import * as fc from "fast-check";

/**
 * The properties' inputs: the same in every run of `npm test`, so that what fails fails for the change that is
 * tested; `npm run fuzz` makes new and more ones. See {@link https://fast-check.dev/docs/configuration/global-settings/}.
 */
fc.configureGlobal(process.env["MODE"] === "fuzz" ? { numRuns: 2000 } : { seed: 20_260_601 });
