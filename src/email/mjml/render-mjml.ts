import type mjml2html from "mjml";
import { BroadsheetError } from "../../errors.ts";
import type { Origin } from "../expand-template.ts";
import { registerHooks, type ResolveHookSync } from "node:module";
import { IS_SOURCE } from "../../platform/own-files.ts";

interface MjmlFault {
  readonly line: number;
  readonly message: string;
  readonly tagName: string;
}

/**
 * Converts MJML to HTML for every mail client that MJML supports. Validation is strict, because by default unknown tags are
 * removed silently.
 * @throws BroadsheetError TEMPLATE_INVALID at the template's own file and line.
 */
export async function renderMjml(
  mjml: string,
  origins: readonly Origin[],
  file: string,
): Promise<string> {
  const mjml2html = await loadMjml();
  try {
    // Without `fonts: {}`, MJML's default font adds a request to Google for every reader.
    const { html } = await mjml2html(mjml, {
      validationLevel: "strict",
      fonts: {},
      keepComments: true,
    });
    return html;
  } catch (cause) {
    throw mjmlError(cause, origins, file);
  }
}

function mjmlError(cause: unknown, origins: readonly Origin[], file: string): BroadsheetError {
  const [fault] =
    cause instanceof Error && "errors" in cause && Array.isArray(cause.errors) ? cause.errors : [];
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!fault) {
    const fix = "check that every tag of the template is closed";
    return new BroadsheetError("TEMPLATE_INVALID", `MJML cannot read the template: ${message}`, {
      where: { file },
      fix,
      cause,
    });
  }
  return new BroadsheetError("TEMPLATE_INVALID", `<${fault.tagName}>: ${fault.message}`, {
    where: originOf(fault, origins) ?? { file },
    fix: "documentation.mjml.io lists the tags and their attributes",
    cause,
  });
}

/** Returns the origin of the tag on the reported line, or of the nearest one of its kind above. */
function originOf(
  { line, tagName }: MjmlFault,
  origins: readonly Origin[],
): Origin["where"] | undefined {
  const above = origins.filter((origin) => origin.tag === tagName && origin.line <= line);
  return above.at(-1)?.where;
}

let mjml: Promise<typeof mjml2html> | undefined;

/**
 * Loads MJML without most of its dependencies. They take half a second, for minifying and beautifying, which we never use,
 * and for two features that few templates use. In the package they were already replaced when it was built.
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

/** The replacements for packages that mjml-core requires. The build of the package uses this table too. */
export const STAND_INS: ReadonlyMap<string, string> = new Map([
  ["htmlnano", "./never-called.ts"],
  ["cssnano-preset-lite", "./never-called.ts"],
  ["js-beautify", "./never-called.ts"],
  ["juice", "./lazy-juice.ts"],
  ["cheerio", "./lazy-cheerio.ts"],
]);
