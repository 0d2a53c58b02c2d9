import { registerHooks } from "node:module";

/** Fails whoever loads a library for language models: for newsletters that have none. */
registerHooks({
  resolve(specifier, context, next) {
    if (/^(?:ai|@ai-sdk\/.*)$/.test(specifier)) throw new Error(`${specifier} was loaded`);
    return next(specifier, context);
  },
});
