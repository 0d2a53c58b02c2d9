import { BroadsheetError } from "../errors.ts";
import { contrastOf, relit } from "./colour.ts";
import type { Theme } from "./theme.ts";

/** WCAG 2.2 §1.4.3 (AA): the least contrast of text with its ground. */
const LEAST_CONTRAST = 4.5;
/** WCAG 2.2 §1.4.6 (AAA): what we derive ourselves is to read with ease, as our own accent does. */
const EASY_CONTRAST = 7;

/**
 * A publication's accent for both schemes. A missing dark one is the light one raised in lightness
 * until it reads on the dark paper.
 * @throws BroadsheetError CONFIG_INVALID for an accent that is unreadable on its own paper, naming
 * the nearest that passes.
 */
export function accentFor(
  theme: Theme,
  accent: string | undefined,
  accentDark?: string,
): { light: string; dark: string } | undefined {
  if (accent === undefined) return undefined;
  const paper = theme.colours["page"] ?? { light: "#FFFFFF", dark: "#000000" };
  refuseFaint("accent", accent, paper.light, -1);
  if (accentDark !== undefined) refuseFaint("accentDark", accentDark, paper.dark, 1);
  return {
    light: accent,
    dark: accentDark ?? readableOn(paper.dark, accent, { towards: 1, least: EASY_CONTRAST }),
  };
}

function refuseFaint(key: string, colour: string, paper: string, towards: 1 | -1): void {
  const contrast = contrastOf(colour, paper);
  if (contrast >= LEAST_CONTRAST) return;
  throw new BroadsheetError(
    "CONFIG_INVALID",
    `${key} ${colour} has a contrast of ${contrast.toFixed(1)} on the paper ${paper}; text needs ${LEAST_CONTRAST}`,
    { fix: `the nearest that passes is ${readableOn(paper, colour, { towards })}` },
  );
}

/** The colour nearest in lightness, hue and saturation kept, that reads on the paper. */
function readableOn(
  paper: string,
  colour: string,
  { towards, least = LEAST_CONTRAST }: { readonly towards: 1 | -1; readonly least?: number },
): string {
  for (let step = 0; step <= 100; step++) {
    const candidate = relit(colour, (towards * step) / 100);
    if (contrastOf(candidate, paper) >= least) return candidate;
  }
  return towards === 1 ? "#FFFFFF" : "#000000";
}
