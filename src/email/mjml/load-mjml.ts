import { registerHooks, type ResolveHookSync } from "node:module";
import type mjml2html from "mjml";
import { IS_SOURCE } from "../../platform/own-files.ts";
import { STAND_INS } from "./stand-ins.ts";

let mjml: Promise<typeof mjml2html> | undefined;

/**
 * MJML without most of what it loads: half a second is for minifying and beautifying, which we never ask for, and
 * for two features that few templates use. In the package that is so since it was built.
 */
export async function loadMjml(): Promise<typeof mjml2html> {
  return (mjml ??= load());
}

async function load(): Promise<typeof mjml2html> {
  const hooks = IS_SOURCE ? registerHooks({ resolve: resolveToStandIn }) : undefined;
  try {
    return (await import("mjml")).default;
  } finally {
    hooks?.deregister();
  }
}

const resolveToStandIn: ResolveHookSync = (specifier, context, next) => {
  const isOfMjml = context.parentURL?.includes("/node_modules/mjml-core/");
  const standIn = isOfMjml ? STAND_INS.get(specifier) : undefined;
  return standIn === undefined
    ? next(specifier, context)
    : { url: new URL(standIn, import.meta.url).href, shortCircuit: true };
};
