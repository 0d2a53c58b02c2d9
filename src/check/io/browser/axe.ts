import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { NodeResult, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import type { Finding } from "../../finding.ts";
import { installed } from "../../../platform/launch-browser.ts";
import { browserFinding } from "../../outside-findings.ts";
import type { BrowserRuleId } from "../../outside-rules.ts";

/** A fault found by axe-core, with its elements. */
interface Violation {
  readonly id: string;
  /** The requirement in one sentence, without a full stop. */
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

/** The result of axe-core for a text's contrast. */
interface Colours {
  readonly text: string;
  readonly ground: string;
  readonly ratio: number;
  readonly needed: number;
}

/**
 * Rules for web sites, which do not apply to mails: the webmail page around a mail has landmarks, headings and `main`. Rules
 * about `lang` have stricter static versions, because axe-core accepts "und" as a language.
 */
const OF_SITES = [
  "region",
  "landmark-one-main",
  "bypass",
  "html-has-lang",
  "html-lang-valid",
  "color-contrast",
];

export async function loadAxe(page: Page): Promise<void> {
  const file = await installed(
    () => Promise.resolve(import.meta.resolve("axe-core/axe.min.js")),
    "axe-core",
  );
  await page.evaluate(await readFile(fileURLToPath(file), "utf8"));
}

/** Runs the rules of axe-core in the page, without those for colours. */
export async function runAxe(page: Page): Promise<Violation[]> {
  const rules = Object.fromEntries(OF_SITES.map((id) => [id, { enabled: false }]));
  return evaluateAxe(page, { rules, resultTypes: ["violations"], iframes: false });
}

/** Finds the texts of the page without sufficient contrast, including texts in the colour of their background. */
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
    // axe-core is uncertain about text in the colour of its background, because some authors hide it on purpose.
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

/** Makes the finding for a violated rule of axe-core, at the first element with the fault. */
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

/** The beginning of a message about a view. */
const VIEWS = {
  "contrast-light": "",
  "contrast-dark": "in dark mode, ",
  "contrast-inverted": "where a client turns the colours round, ",
} as const satisfies Partial<Record<BrowserRuleId, string>>;

/**
 * Makes one finding for the texts of a view without sufficient contrast. It names the lowest contrast. `known` has the
 * selectors from earlier views, and these are added, because one fix covers all views.
 */
export function contrastFindings(
  rule: keyof typeof VIEWS,
  violations: readonly Violation[],
  known: Set<string>,
): Finding[] {
  const places = violations.flatMap(({ places }) => places);
  const faint = places
    .filter(({ selector, colours }) => colours !== null && !known.has(selector))
    // Text in the colour of its background is hidden on purpose, unless it is invisible only in dark mode.
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

/** A text of the page on one line, shortened if it is long. */
function cut(text: string, length = 40): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line;
}
