import { registerHooks } from "node:module";

/** For `node --import`: a machine on which the package that reads IMAP mailboxes was never installed. */
registerHooks({
  resolve(specifier, context, nextResolve) {
    return nextResolve(
      specifier === "imapflow" ? "imapflow-that-is-not-there" : specifier,
      context,
    );
  },
});
