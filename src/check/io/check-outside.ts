import { execFile } from "node:child_process";
import { BROWSER_RULES, DKIM_VERIFIES, LINKS_ANSWER, SPAM_WORDS } from "../rules.ts";
import { checkEmail, type Checked, withChecked } from "../check-email.ts";
import { dkimFindings, addressesToAsk, linkFindings, spamFindings } from "../outside-findings.ts";
import type { Report } from "../finding.ts";
import type { CheckInput } from "../rule.ts";
import { systemClock } from "../../platform/clock.ts";
import { version } from "../../platform/own-files.ts";

/** What is asked of a check beyond the static rules. */
export interface CheckOptions {
  /** Only what the email itself tells, and no other program. */
  readonly static?: true;
  readonly browser?: true;
  readonly links?: true;
  /** The file of a public key, or its DNS record. */
  readonly dkimKey?: string;
  /** With `links`, also asks addresses inside networks. */
  readonly allowPrivate?: true;
}

/** What is checked, and what other programs are given of it. */
export interface Checkable {
  readonly input: CheckInput;
  /** The message's octets. */
  readonly raw?: Buffer | undefined;
  /** The HTML as a browser may open it. */
  readonly html?: string | undefined;
  /** The issue's own, where its pictures lie. */
  readonly folder?: string | undefined;
  /** What its DKIM signatures come to; undefined where that is not asked for. */
  readonly dkim?: (() => Promise<Checked>) | undefined;
}

/** The report of the static rules, and of all else that is asked for. */
export async function checkAll(checkable: Checkable, options: CheckOptions): Promise<Report> {
  let report = checkEmail(checkable.input);
  for (const { rules, run } of checkersFor(checkable, options)) {
    const checked = await run();
    if (checked) report = withChecked(report, rules, checked);
  }
  return report;
}

interface Checker {
  readonly rules: readonly string[];
  /** Undefined where it can't be run here, and the report says so already. */
  readonly run: () => Promise<Checked | undefined>;
}

function checkersFor(
  { input, raw, html, folder, dkim }: Checkable,
  options: CheckOptions,
): Checker[] {
  return [
    ...(dkim ? [{ rules: [DKIM_VERIFIES.id], run: dkim }] : []),
    ...(raw && !options.static
      ? [{ rules: [SPAM_WORDS.id], run: async () => spamWords(raw, input) }]
      : []),
    ...(options.links
      ? [{ rules: [LINKS_ANSWER.id], run: async () => links(input, options) }]
      : []),
    ...(options.browser && html !== undefined
      ? [{ rules: Object.keys(BROWSER_RULES), run: async () => inBrowser(html, folder) }]
      : []),
  ];
}

async function spamWords(raw: Buffer, input: CheckInput): Promise<Checked | undefined> {
  const report = await askSpamAssassin(raw);
  return report === undefined ? undefined : spamFindings(report, input);
}

async function links(input: CheckInput, { allowPrivate }: CheckOptions): Promise<Checked> {
  // undici is loaded only where it is needed.
  const { requestLinks } = await import("./request-links.ts");
  const options = { version: version(), clock: systemClock, allowPrivate };
  return linkFindings(input, await requestLinks(addressesToAsk(input), options));
}

async function inBrowser(html: string, folder: string | undefined): Promise<Checked> {
  const { checkInBrowser } = await import("./browser/check-in-browser.ts");
  return checkInBrowser(html, { folder });
}

/** What the signatures of a message come to with these records. */
export async function verified(
  raw: Buffer,
  recordOf: (name: string) => string | undefined,
  input: CheckInput,
): Promise<Checked> {
  const { verifyDkim } = await import("./verify-dkim.ts");
  const verdicts = await verifyDkim(raw, recordOf);
  if (verdicts) return { findings: dkimFindings(verdicts, input), notRun: [] };
  const why = "mailauth, which verifies signatures, is not installed: npm install mailauth";
  return { findings: [], notRun: [{ rule: DKIM_VERIFIES.id, why }] };
}

/** It reads thousands of rules first, which takes a second or two. */
const PATIENCE_MS = 30_000;

/**
 * What SpamAssassin says of a message by itself, without asking the network (`-L`); undefined where it
 * isn't installed, or doesn't answer.
 */
async function askSpamAssassin(raw: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: PATIENCE_MS,
      maxBuffer: 64 * 1024 * 1024,
      encoding: "utf8",
    } as const;
    const child = execFile("spamassassin", ["-L", "-t"], options, (_error, stdout) => {
      resolve(stdout === "" ? undefined : stdout);
    });
    // It may leave before it has read all: what it has written decides.
    child.stdin?.on("error", () => undefined).end(raw);
  });
}
