import { execFile } from "node:child_process";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { BROWSER_RULES, DKIM_VERIFIES, LINKS_ANSWER, SPAM_WORDS } from "../outside-rules.ts";
import { type Checked, findingOf, withChecked } from "../check-email.ts";
import type { Report } from "../finding.ts";
import { dkimFindings, addressesToAsk, linkFindings, spamFindings } from "../outside-findings.ts";
import type { CheckInput } from "../rule.ts";
import { systemClock } from "../../platform/clock.ts";
import { version } from "../../platform/own-files.ts";

/** What is asked of a check beyond the static rules. */
export interface CheckOptions {
  /** Whether only the email itself is judged, without any other program. */
  readonly static?: true;
  readonly browser?: true;
  readonly links?: true;
  /** The file of a public key, or its DNS record. */
  readonly dkimKey?: string;
  /** Whether `links` also asks addresses inside networks. */
  readonly allowPrivate?: true;
}

/** What is checked, and what other programs are given of it. */
export interface Checkable {
  readonly input: CheckInput;
  /** The message's octets. */
  readonly raw?: Buffer | undefined;
  /** The issue's own, where its pictures lie. */
  readonly folder?: string | undefined;
  /** The folder from which files are named. */
  readonly cwd: string;
  /** The copy whose DKIM signatures are verified, or why there is none; undefined where that is not asked for. */
  readonly signed?: (() => Promise<SignedCopy | string>) | undefined;
}

interface SignedCopy {
  readonly raw: Buffer;
  /** The DNS records of the keys, where no key is named in the options. */
  readonly recordOf?: (name: string) => string | undefined;
}

/** The report of the static rules, with all else that is asked for. */
export async function checkAll(
  report: Report,
  checkable: Checkable,
  options: CheckOptions,
): Promise<Report> {
  let all = report;
  for (const { rules, run } of checkersFor(checkable, options)) {
    const checked = await run();
    if (checked) all = withChecked(all, rules, checked);
  }
  return all;
}

interface Checker {
  readonly rules: readonly string[];
  /** Runs the check; undefined if it can't run here, which the report then says. */
  readonly run: () => Promise<Checked | undefined>;
}

function checkersFor(checkable: Checkable, options: CheckOptions): Checker[] {
  const { input, raw, folder, signed } = checkable;
  const html = input.html?.source;
  const checkers = [
    signed && { rules: [DKIM_VERIFIES.id], run: async () => dkim(signed, checkable, options) },
    raw && !options.static && { rules: [SPAM_WORDS.id], run: async () => spamWords(raw, input) },
    options.links && { rules: [LINKS_ANSWER.id], run: async () => links(input, options) },
    options.browser &&
      html !== undefined && {
        rules: Object.keys(BROWSER_RULES),
        run: async () => inBrowser(html, { folder, input }),
      },
  ];
  return checkers.filter((checker) => checker !== undefined && checker !== false);
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

async function inBrowser(
  html: string,
  options: Pick<Checkable, "folder" | "input">,
): Promise<Checked> {
  const { checkInBrowser } = await import("./browser/check-in-browser.ts");
  return checkInBrowser(html, options);
}

/** What the signatures of a copy come to: with the key that is named, or else with the copy's own records. */
async function dkim(
  signed: NonNullable<Checkable["signed"]>,
  { input, cwd }: Checkable,
  { dkimKey }: CheckOptions,
): Promise<Checked> {
  try {
    const copy = await signed();
    if (typeof copy === "string") return noDkim(copy);
    const { readDkimRecord, verifyDkim } = await import("./verify-dkim.ts");
    const given =
      dkimKey === undefined ? undefined : await readDkimRecord(path.resolve(cwd, dkimKey), dkimKey);
    const verdicts = await verifyDkim(copy.raw, (name) => given ?? copy.recordOf?.(name));
    return verdicts
      ? { findings: dkimFindings(verdicts, input), notRun: [] }
      : noDkim("mailauth, which verifies signatures, is not installed: npm install mailauth");
  } catch (error) {
    if (!(error instanceof BroadsheetError) || error.code !== "DKIM_KEY_UNUSABLE") throw error;
    const { message, fix = DKIM_VERIFIES.fix } = error;
    return { findings: [findingOf(DKIM_VERIFIES, { message, fix }, input)], notRun: [] };
  }
}

function noDkim(why: string): Checked {
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
