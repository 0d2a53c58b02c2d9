import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { NodeResult, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import type { Finding } from "../../finding.ts";
import { installed } from "../../../platform/launch-browser.ts";
import { browserFinding } from "../../outside-findings.ts";
import type { BrowserRuleId } from "../../outside-rules.ts";

/** A fault that axe-core found, with the elements that have it. */
interface Violation {
  readonly id: string;
  /** What is asked for, in one sentence without a full stop. */
  readonly help: string;
  readonly page: string;
  readonly severity: Finding["severity"];
  readonly places: readonly {
    readonly selector: string;
    readonly html: string;
    readonly text: string;
    readonly colours: Colours | null;
  }[];
}

/** What axe-core says of a text's contrast. */
interface Colours {
  readonly text: string;
  readonly ground: string;
  readonly ratio: number;
  readonly needed: number;
}

/**
 * Rules of whole web sites. A mail stands inside a page that has its own landmarks and headings: main
 * is the webmail's, and so is what is outside all regions. Those of `lang` are checked without a
 * browser, and more strictly: axe-core takes "und" for a language.
 */
const OF_SITES = [
  "region",
  "landmark-one-main",
  "bypass",
  "html-has-lang",
  "html-lang-valid",
  "color-contrast",
];

/** Puts axe-core into the page. */
export async function loadAxe(page: Page): Promise<void> {
  const file = await installed(
    () => Promise.resolve(import.meta.resolve("axe-core/axe.min.js")),
    "axe-core",
  );
  await page.evaluate(await readFile(fileURLToPath(file), "utf8"));
}

/** What axe-core finds in the page, colours apart. */
export async function runAxe(page: Page): Promise<Violation[]> {
  const rules = Object.fromEntries(OF_SITES.map((id) => [id, { enabled: false }]));
  return evaluateAxe(page, { rules, resultTypes: ["violations"], iframes: false });
}

/** The texts of the page that do not read on their ground, those in its very colour among them. */
export async function runContrast(page: Page): Promise<Violation[]> {
  const runOnly = ["color-contrast"];
  return evaluateAxe(page, { runOnly, resultTypes: ["violations", "incomplete"], iframes: false });
}

function evaluateAxe(page: Page, options: RunOptions): Promise<Violation[]> {
  return page.evaluate(async (options) => {
    const severities = {
      critical: "error",
      serious: "error",
      moderate: "warning",
      minor: "info",
    } as const;
    const colourData = (data: unknown) =>
      typeof data === "object" && data !== null && "fgColor" in data
        ? new Map<string, unknown>(Object.entries(data))
        : undefined;
    const placeOf = ({ target, html, any }: NodeResult) => {
      const selector = String(target.at(-1));
      const data = colourData(any[0]?.data);
      return {
        selector,
        html: html.slice(0, 200),
        text: document.querySelector(selector)?.textContent?.trim().slice(0, 60) ?? "",
        colours: data
          ? {
              text: String(data.get("fgColor")),
              ground: String(data.get("bgColor")),
              ratio: Number(data.get("contrastRatio")),
              needed: Number.parseFloat(String(data.get("expectedContrastRatio"))),
            }
          : null,
      };
    };
    const { violations, incomplete } = await axe.run(document, options);
    // axe-core is not sure of text in the colour of its ground: some hide it so on purpose.
    const isVanished = ({ any }: NodeResult) =>
      colourData(any[0]?.data)?.get("messageKey") === "equalRatio";
    const results = [
      ...violations.map((result) => ({ result, nodes: result.nodes })),
      ...incomplete.map((result) => ({ result, nodes: result.nodes.filter(isVanished) })),
    ];
    return results
      .filter(({ nodes }) => nodes.length > 0)
      .map(({ result: { id, help, helpUrl, impact }, nodes }) => ({
        id,
        help,
        page: helpUrl.replace(/\?.*$/, ""),
        severity: severities[impact ?? "minor"],
        places: nodes.map(placeOf),
      }));
  }, options);
}

/** Gives the finding for a rule of axe-core that does not hold, at the first element with the fault. */
export function accessibilityFinding({ id, help, page, severity, places }: Violation): Finding {
  const [first] = places;
  const count = places.length > 1 ? ` (${places.length} places)` : "";
  return browserFinding("axe", {
    rule: `axe-${id}`,
    severity,
    message: `${help}${count}: ${cut(first?.html ?? "", 100)}`,
    ...(first && { where: { selector: first.selector } }),
    source: page,
  });
}

type Faint = Violation["places"][number];

/** How the message begins that tells of a view. */
const VIEWS = {
  "contrast-light": "",
  "contrast-dark": "in the dark, ",
  "contrast-inverted": "where a client turns the colours round, ",
} as const satisfies Partial<Record<BrowserRuleId, string>>;

/**
 * One finding for the texts of a view that do not read on their ground, the faintest named. `known` are
 * the selectors of those found in a view before, to which these are added: what is mended there is
 * mended here.
 */
export function contrastFindings(
  rule: keyof typeof VIEWS,
  violations: readonly Violation[],
  known: Set<string>,
): Finding[] {
  const places = violations.flatMap(({ places }) => places);
  const faint = places
    .filter(({ selector, colours }) => colours !== null && !known.has(selector))
    // Text in the colour of its ground is hidden on purpose, unless it is so only in the dark.
    .filter(({ colours }) => rule !== "contrast-light" || colours?.ratio !== 1)
    .sort((a, b) => (a.colours?.ratio ?? 0) - (b.colours?.ratio ?? 0));
  for (const { selector } of places) known.add(selector);
  const [faintest] = faint;
  if (!faintest) return [];
  const message = `${VIEWS[rule]}${sentence(faintest)}${others(faint.length - 1)}`;
  return [browserFinding(rule, { message, where: { selector: faintest.selector } })];
}

function sentence({ text, colours }: Faint): string {
  const ratio = colours?.ratio.toFixed(1);
  return `“${cut(text)}” is ${colours?.text} on ${colours?.ground}, a contrast of ${ratio} where ${colours?.needed} is needed`;
}

function others(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "; one more text is faint" : `; ${count} more texts are faint`;
}

/** A text of the page on one line, cut where it is long. */
function cut(text: string, length = 40): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line;
}
