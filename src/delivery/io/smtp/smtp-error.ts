import { DeliveryError, type Reply, type Stage } from "../../transport.ts";
import { quoted } from "./server-words.ts";
import { accountOf, type Circumstances, isOfUs } from "./smtp-account.ts";
import type { SmtpFailure } from "./smtp-failure.ts";

/**
 * A failure in words for whoever sends, under the code that says what to do: a definite answer
 * decides, and no answer once the message had begun is SMTP_UNCERTAIN. It holds neither password nor
 * URL, and at most 200 characters of the server's own words.
 */
export function smtpError(failure: SmtpFailure, circumstances: Circumstances): DeliveryError {
  const { server } = circumstances;
  const reply = replyOf(failure);
  const { code, what, fix } = accountOf(failure, reply, circumstances);
  const facts = {
    stage: stageOf(failure, circumstances),
    reply,
    said: reply ? quoted(failure.response ?? "", server) : `the server ${what}`,
    isTimeout: failure.code === "ETIMEDOUT" || failure.originalCode === "ETIMEDOUT",
  };
  return new DeliveryError(code, `${server.host}:${server.port} ${what}`, { fix, facts });
}

function stageOf(failure: SmtpFailure, { isOpening, hasBegun }: Circumstances): Stage {
  if (isOpening) return "connection";
  if (isOfUs(failure.response ?? "")) return "sender";
  if (hasBegun || failure.code === "EMESSAGE" || failure.command === "DATA") return "message";
  return failure.command === "RCPT TO" ? "recipient" : "sender";
}

/** RFC 3463 §2: the class is that of the reply, so another number behind it is none. */
function replyOf({ responseCode = 0, response = "" }: SmtpFailure): Reply | undefined {
  if (responseCode < 400 || responseCode > 599) return undefined;
  const [, status] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response) ?? [];
  return { code: responseCode, ...(status?.[0] === String(responseCode)[0] && { status }) };
}
