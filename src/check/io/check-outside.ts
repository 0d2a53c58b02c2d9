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

/** The requested checks in addition to the static rules. */
export interface CheckOptions {
  /** Whether only the email itself is checked, without other programs. */
  readonly static?: true;
  readonly browser?: true;
  readonly links?: true;
  /** The file with a public key, or with its DNS record. */
  readonly dkimKey?: string;
  /** Whether `links` also requests private addresses. */
  readonly allowPrivate?: true;
}

/** The email to check, and the inputs of the spam filter, the browser and the DKIM check. */
export interface Checkable {
  readonly input: CheckInput;
  /** The message as bytes. */
  readonly raw?: Buffer | undefined;
  /** The folder with its pictures. */
  readonly folder?: string | undefined;
  /** The folder to which file names are relative. */
  readonly cwd: string;
  /**
   * Returns the copy whose DKIM signatures are verified, or the reason why there is none; undefined if signatures are not
   * checked.
   */
  readonly signed?: (() => Promise<SignedCopy | string>) | undefined;
}

interface SignedCopy {
  readonly raw: Buffer;
  /** The DNS records of the keys, if the options name no key. */
  readonly recordOf?: (name: string) => string | undefined;
}

/** Runs the static rules and all requested checks. */
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
  // undici is loaded only if needed.
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

/** Verifies the signatures of a copy, with the key in the options or the copy's own records. */
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

/** SpamAssassin first reads thousands of rules, which takes a second or two. */
const PATIENCE_MS = 30_000;

/** Runs SpamAssassin on a message without network access (`-L`); undefined if it is not installed or does not answer. */
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
    // It may exit before reading everything. Only its output matters.
    child.stdin?.on("error", () => undefined).end(raw);
  });
}
