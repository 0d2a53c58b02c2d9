import { registerHooks } from "node:module";

/** For `node --import`: a machine on which the packages for checks in a browser were never installed. */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isLeftOut = /^(?:playwright-core|axe-core|@sparticuz\/chromium)/.test(specifier);
    return nextResolve(isLeftOut ? `${specifier}-that-is-not-there` : specifier, context);
  },
});
