import { BroadsheetError } from "../../errors.ts";
import type { Origin } from "../expand-template.ts";
import { loadMjml } from "./load-mjml.ts";

interface MjmlFault {
  readonly line: number;
  readonly message: string;
  readonly tagName: string;
}

/**
 * HTML from MJML, for every mail client MJML knows. Validation is strict: the default drops unknown
 * tags without a word.
 * @throws BroadsheetError TEMPLATE_INVALID at the template's own file and line.
 */
export async function renderMjml(
  mjml: string,
  origins: readonly Origin[],
  file: string,
): Promise<string> {
  const mjml2html = await loadMjml();
  try {
    // fonts: {} or MJML's default font adds a request to Google for every reader.
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
  const [fault] = faultsOf(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!fault) {
    const fix = "see that every tag of the template is closed";
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

function faultsOf(cause: unknown): readonly MjmlFault[] {
  return cause instanceof Error && "errors" in cause && Array.isArray(cause.errors)
    ? cause.errors
    : [];
}

/** The tag on the reported line, else the nearest of its kind above it. */
function originOf(
  { line, tagName }: MjmlFault,
  origins: readonly Origin[],
): Origin["where"] | undefined {
  const above = origins.filter((origin) => origin.tag === tagName && origin.line <= line);
  return above.at(-1)?.where;
}
