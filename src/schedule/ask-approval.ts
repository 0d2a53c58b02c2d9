import { SILENT } from "../platform/reporter.ts";
import { escapeHtml } from "../platform/escape-html.ts";
import type { Recipient } from "../subscribers/recipient.ts";
import { composeCopy, sendCopy } from "../issue/io/sending/send-copy.ts";
import type { IssueToSend } from "../issue/issue-to-send.ts";
import { ListSending } from "../issue/io/sending/list-sending.ts";
import type { Email } from "../email/email.ts";
import type { Slot } from "./slots.ts";
import { issueInOutbox, readReport } from "../issue/io/sending/load-issue.ts";
import { momentText } from "../platform/clock.ts";
import { readers } from "../platform/counted.ts";
import { assertFit, verdictText } from "../issue/assert-fit.ts";
import type { RunJob } from "./run-job.ts";
import { done, type SlotOutcome } from "./slot-outcome.ts";

/**
 * Sends the editor a copy of an issue, with what the checks say of it and how to send it. What would keep the issue
 * from being sent is found now, not when it is approved.
 */
export async function askApproval(slot: Slot, to: Recipient, job: RunJob): Promise<SlotOutcome> {
  const { config, slots } = job;
  const issue = await issueInOutbox(slot.name, config, SILENT);
  const report = await readReport(issue);
  assertFit(issue, report);
  const verdict = report ? verdictText(report) : "the checks were not run";
  const lines = wordsFor(slot, { verdict, goesTo: await goesTo(issue, job), job });
  const email = withWords(issue.email, lines);
  await sendCopy(await composeCopy({ ...issue, email }, to, config));
  slots.change(slot.name, { from: "built", to: "waiting" });
  return done(slot.name, "waiting", `waits to be approved: broadsheet approve ${slot.name}`);
}

async function goesTo(issue: IssueToSend, { config, env }: RunJob): Promise<string> {
  const sending = await ListSending.open(issue, config, env);
  try {
    return readers((await sending.outlook({})).readers);
  } finally {
    await sending.close();
  }
}

interface Words {
  readonly verdict: string;
  readonly goesTo: string;
  readonly job: RunJob;
}

/** The lines for the editor above the issue. */
function wordsFor({ name, at }: Slot, { verdict, goesTo, job }: Words): readonly string[] {
  const until = new Date(at.getTime() + job.schedule.maxLate);
  return [
    `${name} waits for you, to go to ${goesTo}; ${verdict}.`,
    `To send it: broadsheet approve ${name}`,
    `To leave it out: broadsheet skip ${name}`,
    `In ${job.config.folder}, until ${momentText(until)}; after that it is not sent.`,
  ];
}

function withWords(email: Email, lines: readonly string[]): Email {
  const paragraphs = lines.map((line) => `<p style="margin:0 0 4px">${escapeHtml(line)}</p>`);
  const box = `<div dir="ltr" lang="en" style="${BOX}">${paragraphs.join("")}</div>`;
  return {
    ...email,
    subject: `To approve: ${email.subject}`,
    html: email.html.replace(/<body[^>]*>/i, (body) => body + box),
    text: `${lines.join("\n")}\n\n${"-".repeat(60)}\n\n${email.text}`,
  };
}

const BOX =
  "padding:12px 16px;background-color:#FFF3C4;color:#1A1A1A;font:14px/20px Arial,sans-serif;text-align:left";
