import { registerHooks } from "node:module";

/** For `node --import`: a machine on which the packages for PostgreSQL were never installed. */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isLeftOut = specifier === "pg" || specifier === "pg-boss";
    return nextResolve(isLeftOut ? `${specifier}-that-is-not-there` : specifier, context);
  },
});
