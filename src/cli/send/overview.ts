import type { Config } from "../../config/config.ts";
import { nameOf } from "../../issue/issue-to-send.ts";
import type { Outlook } from "../../issue/io/sending/list-sending.ts";
import type { Proposal } from "../../issue/send.ts";
import { counted, readers } from "../../platform/counted.ts";
import { momentText } from "../../platform/clock.ts";
import type { Recipient } from "../../subscribers/recipient.ts";
import { LABEL_GAP, labelled } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { shortened, wrapped } from "../wrapped.ts";
import type { SendFlags } from "./send-flags.ts";

export interface ListFacts extends Omit<Proposal, "report"> {
  readonly config: Pick<Config, "from" | "smtp" | "transport">;
  /** What the checks say of it, where they were run. */
  readonly verdict?: string | undefined;
}

/** What goes, from whom, to how many, and which way. */
export function overview(facts: ListFacts, flags: SendFlags, { paint, columns }: Terminal): string {
  const { issue, size: bytes, config, verdict } = facts;
  const { subject, template } = issue.digest;
  const size = `${(bytes / 1024).toFixed(1)} KB`;
  return [
    paint(
      "bold",
      wrapped(shortened(`${nameOf(issue)}, ${subject}`, 2 * columns), columns).join("\n"),
    ),
    [template, size, verdict].filter(Boolean).join(", "),
    "",
    labelled([
      ["From", mailbox(config.from)],
      [
        "To",
        wrapped(readersLine(facts.outlook, flags), columns - "Through".length - LABEL_GAP).join(
          "\n",
        ),
      ],
      ["Through", throughLine(facts)],
    ]),
  ].join("\n");
}

function readersLine(outlook: Outlook, { limit }: SendFlags): string {
  const { planned, readers: due, leftOut, expiredAt } = outlook;
  if (expiredAt) return `nobody any more: it was worth sending until ${momentText(expiredAt)}`;
  const some = Math.min(due, limit ?? due);
  const others =
    leftOut > 0 ? `. ${readers(leftOut)} who left ${leftOut === 1 ? "is" : "are"} left out` : "";
  if (planned)
    return `${readers(some)} of ${counted(totalOf(planned.counts))} who haven't got it yet`;
  return some < due ? `${counted(some)} of ${readers(due)}${others}` : `${readers(due)}${others}`;
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function throughLine({ through, config }: ListFacts): string {
  const { rate } = config.smtp;
  const isLimited = rate !== undefined && config.transport !== "outbox";
  return isLimited ? `${through}, ${counted(rate)} a second at most` : through;
}

/** As people write it. */
export function mailbox({ address, name }: Recipient): string {
  return name ? `${name} <${address}>` : address;
}
