import type { Browser } from "playwright-core";
import { BROWSER_RULES, type BrowserRuleId, VIEW_RULES } from "../../outside-rules.ts";
import { browserFinding } from "../../outside-findings.ts";
import type { Checked } from "../../check-email.ts";
import type { Finding, NotRun } from "../../finding.ts";
import { BroadsheetError } from "../../../errors.ts";
import { accessibilityFinding, loadAxe, runAxe, runContrast, contrastFindings } from "./axe.ts";
import {
  darkPageFindings,
  overflowFindings,
  tapTargetFindings,
  unstyledOverflowFindings,
} from "./layout.ts";
import { invertColours } from "../../../platform/css/invert-colours.js";
import { launchBrowser } from "../../../platform/launch-browser.ts";
import { parseHtml } from "../../html-document.ts";
import type { CheckInput } from "../../rule.ts";
import { type Attempt, type EmailPage, openEmail } from "./open-email.ts";
import { viewFindings } from "./views.ts";

/** A page of this size would keep a browser busy for minutes, and Gmail clips it much earlier. */
const MOST_CHARACTERS = 1_500_000;

/** The width of most phones. */
const PHONE_PX = 375;

/** The time limit for a rule in the page. */
const PATIENCE_MS = 30_000;

interface BrowserCheckOptions {
  /** The folder with the `images/` of the email. Without it, no pictures are shown. */
  readonly folder?: string | undefined;
  /** The same email for the static rules, with which a finding can name the story. */
  readonly input?: CheckInput | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Checks an email's HTML, of Broadsheet or another program, in a browser: accessibility, width on phones, contrast in light,
 * dark and inverted colours, the page background in dark mode, and tap targets. The network is blocked, and scripts do not
 * run. It never throws because of the HTML: a rule that could not run is in `notRun`, and without a browser all rules are.
 */
export async function checkInBrowser(
  html: string,
  { env = process.env, ...options }: BrowserCheckOptions = {},
): Promise<Checked> {
  try {
    await using browser = await launchBrowser(env);
    return await checkWith(browser, html, options);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return { findings: [], notRun: noneRun(`${error.message}; ${error.fix}`) };
  }
}

/** Checks the HTML of an email in an open browser, as `checkInBrowser` does. */
export async function checkWith(
  browser: Browser,
  html: string,
  {
    folder,
    input = { target: "html", html: parseHtml(html) },
  }: Omit<BrowserCheckOptions, "env"> = {},
): Promise<Checked> {
  if (html.length > MOST_CHARACTERS) {
    return { findings: [], notRun: noneRun("the HTML is too large for a browser to check") };
  }
  const run = new Run();
  try {
    const email = await openEmail(browser, html, { widthPx: PHONE_PX, folder });
    await using page = email.page;
    await loadAxe(page);
    await runRules(run, browser, email);
    await run.rules(VIEW_RULES, () => viewFindings(email, html, { folder, input }));
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    return { findings: run.findings, notRun: noneRun(reasonOf(error)) };
  }
  return { findings: run.findings, notRun: run.notRun };
}

/** Runs all rules in one page, in an order in which no rule disturbs the next. Rules that change the page come last. */
async function runRules(run: Run, browser: Browser, { page, attempts }: EmailPage): Promise<void> {
  const faint = new Set<string>();
  const contrast = async (rule: Parameters<typeof contrastFindings>[0]) =>
    contrastFindings(rule, await runContrast(page), faint);

  await run.rule("network", async () => networkFindings(attempts));
  await run.rule("axe", async () => (await runAxe(page)).map(accessibilityFinding));
  await run.rule("contrast-light", () => contrast("contrast-light"));
  await run.rule("tap-target", () => tapTargetFindings(page));
  await run.rule("overflow", () => overflowFindings(page));
  await page.setViewportSize({ width: PHONE_PX, height: 900 });
  await page.emulateMedia({ colorScheme: "dark" });
  await run.rule("contrast-dark", () => contrast("contrast-dark"));
  await run.rule("dark-page", () => darkPageFindings(browser, page));
  await page.emulateMedia({ colorScheme: "light" });
  await run.rule("contrast-inverted", async () => {
    await page.evaluate(invertColours, await page.evaluateHandle(() => document));
    return contrast("contrast-inverted");
  });
  await run.rule("overflow-unstyled", async () => {
    const isKnown = run.findings.some(({ rule }) => rule === "overflow");
    // An element that is too wide with styles is also too wide without them, and needs only one fix.
    return isKnown ? [] : unstyledOverflowFindings(page);
  });
}

function noneRun(why: string): NotRun[] {
  return Object.keys(BROWSER_RULES).map((rule) => ({ rule, why }));
}

/** The findings so far, and the rules that could not run. */
class Run {
  readonly findings: Finding[] = [];
  readonly notRun: NotRun[] = [];

  async rule(rule: BrowserRuleId, find: () => Promise<Finding[]>): Promise<void> {
    await this.rules([rule], find);
  }

  /** Runs rules that examine the same views. */
  async rules(rules: readonly BrowserRuleId[], find: () => Promise<Finding[]>): Promise<void> {
    try {
      this.findings.push(...(await within(PATIENCE_MS, find())));
    } catch (error) {
      this.notRun.push(...rules.map((rule) => ({ rule, why: reasonOf(error) })));
    }
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? "";
}

async function within<T>(timeMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${timeMs / 1000} s`)), timeMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Emails load pictures from the web. All other requests are useless for readers. */
function networkFindings(attempts: readonly Attempt[]): Finding[] {
  const others = attempts.filter(({ kind }) => kind !== "image");
  return [...Map.groupBy(others, ({ kind }) => kind)].map(([kind, asked]) => {
    const hosts = [...new Set(asked.map(({ url }) => URL.parse(url)?.host ?? url))].slice(0, 3);
    const what = asked.length === 1 ? `a ${kind}` : `${asked.length} ${kind}s`;
    return browserFinding("network", { message: `the email asks ${hosts.join(", ")} for ${what}` });
  });
}
