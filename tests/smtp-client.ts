import { onTestFinished } from "vitest";
import { composeMessage, type Message } from "../src/delivery/compile-message.ts";
import { DeliveryError, type Receipt, type Transport } from "../src/delivery/transport.ts";
import { connectSmtp, type SmtpOptions } from "../src/delivery/io/smtp/smtp-pool.ts";

/** A real message with what SMTP finds hard: lines that begin with dots, and letters beyond ASCII. */
export async function messageTo(
  address: string,
  text = "Ebb at six.\n.\n..two dots\n",
): Promise<Message> {
  return composeMessage(
    {
      subject: "🦀 Ebbe",
      html: '<html lang="de"><body><p>Ebbe um sechs – früh.</p></body></html>',
      text,
      slots: {},
    },
    { address },
    {
      issue: { newsletter: "harbour-letter", slot: "2031-04-02" },
      from: { address: "desk@letters.example" },
      date: new Date("2031-04-02T06:00:00Z"),
    },
  );
}

export function transport(url: string, options?: SmtpOptions): Transport {
  const opened = connectSmtp(url, options);
  onTestFinished(() => opened.close());
  return opened;
}

export async function sendTo(
  port: number,
  options: SmtpOptions = {},
  login = "",
): Promise<Receipt> {
  return transport(`smtp://${login}127.0.0.1:${port}`, options).send(
    await messageTo("mara@example.org"),
  );
}

/** The error a send ends in. */
export async function failed(sending: Promise<unknown>): Promise<DeliveryError> {
  const error = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error("it was sent", { cause: error });
  return error;
}
