import { registerHooks } from "node:module";

/** For `node --import`: a machine on which sharp was never installed. */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = specifier === "sharp" ? "sharp-that-is-not-there" : specifier;
    return nextResolve(found, context);
  },
});
