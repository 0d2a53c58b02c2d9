import path from "node:path";
import { decodeSource } from "../article/decode-source.ts";
import { parseHtml } from "../check/html/parse-html.ts";
import { looksLikeMessage } from "../check/message/looks-like-message.ts";
import { readMessage } from "../check/message/read-message.ts";
import type { CheckInput } from "../check/rule.ts";
import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { readBytes } from "../sources/io/read-sources.ts";
import { checkAll, type Checkable, verified } from "../check/io/check-outside.ts";
import type { CheckedTarget } from "../issue/check-stored-issue.ts";
import type { CheckFlags } from "./check-flags.ts";
import type { Terminal } from "./terminal.ts";

/** A file, anybody's, with what was found: HTML, or a message. */
export async function checkFile(
  name: string,
  config: Config,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<CheckedTarget> {
  const bytes = await readBytes(name, terminal.cwd);
  const target = terminal.shown(path.resolve(terminal.cwd, name));
  const common = { target, audience: config.audience };
  const isMessage = /\.eml$/i.test(name) || looksLikeMessage(bytes);
  const checkable = isMessage
    ? await messageCheckable(bytes, common, flags, terminal)
    : htmlCheckable(decoded(bytes, name), common);
  return { report: await checkAll(checkable, flags) };
}

/** @throws BroadsheetError where it is no text at all. */
function decoded(bytes: Buffer, name: string): string {
  try {
    return decodeSource(bytes, name);
  } catch (cause) {
    if (!(cause instanceof BroadsheetError)) throw cause;
    const fix = "give the HTML of an email, or a message as an .eml file";
    throw new BroadsheetError(cause.code, cause.message, { where: cause.where, fix, cause });
  }
}

type Common = Pick<CheckInput, "target" | "audience">;

function htmlCheckable(html: string, common: Common): Checkable {
  return { input: { ...common, html: parseHtml(html) }, html };
}

async function messageCheckable(
  raw: Buffer,
  common: Common,
  { dkimKey }: CheckFlags,
  { cwd }: Terminal,
): Promise<Checkable> {
  const message = await readMessage(raw);
  const { html, text, subject } = message;
  const input = {
    ...common,
    subject,
    text,
    message,
    ...(html !== undefined && { html: parseHtml(html) }),
  };
  if (dkimKey === undefined) return { input, raw, html };
  const { readDkimRecord } = await import("../check/io/verify-dkim.ts");
  const record = await readDkimRecord(path.resolve(cwd, dkimKey), dkimKey);
  return { input, raw, html, dkim: async () => verified(raw, () => record, input) };
}
