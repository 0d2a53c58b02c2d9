import { type Message, sizeOf } from "../../message.ts";

/** What a server can do beyond RFC 5321, as far as it matters here. */
export interface Extensions {
  /** RFC 4954: the kinds of login, in capitals. */
  readonly logins: readonly string[];
  /** RFC 2920 */
  readonly isPipelining: boolean;
  /** RFC 6531: addresses beyond ASCII. */
  readonly isUtf8: boolean;
  /** RFC 6152 */
  readonly is8Bit: boolean;
  /** RFC 1870: whether MAIL FROM may declare the message's size, and the largest size, where the server states it. */
  readonly hasSize: boolean;
  readonly largest?: number;
}

/** From the answer to EHLO; all of it is absent in the answer to HELO. */
export function extensionsIn(capabilities: string): Extensions {
  const lines = capabilities.split("\n").map((line) => line.replace(/^\d{3}[ -]/, "").trim());
  const has = (word: string) => lines.some((line) => line.toUpperCase().split(" ")[0] === word);
  const size = lines.map((line) => /^SIZE (\d+)$/i.exec(line)?.[1]).find(Boolean);
  const largest = Number(size ?? 0);
  // Some servers write AUTH=, for old clients.
  const [, logins = ""] = lines.map((line) => /^AUTH[ =](.*)$/i.exec(line)).find(Boolean) ?? [];
  return {
    logins: logins.toUpperCase().split(/[ =]+/).filter(Boolean),
    isPipelining: has("PIPELINING"),
    isUtf8: has("SMTPUTF8"),
    is8Bit: has("8BITMIME"),
    hasSize: has("SIZE"),
    ...(largest > 0 && { largest }),
  };
}

/** The parameters of MAIL FROM for a message. */
export function parametersFor(message: Message, { is8Bit, hasSize }: Extensions): string {
  const words = [
    ...(needsUtf8(message) ? [...(is8Bit ? ["BODY=8BITMIME"] : []), "SMTPUTF8"] : []),
    ...(hasSize ? [`SIZE=${sizeOf(message)}`] : []),
  ];
  return words.map((word) => ` ${word}`).join("");
}

/** Whether an address has letters beyond ASCII, and so its header has too. */
export function needsUtf8({ envelope: { from, to } }: Message): boolean {
  return !/^[\x21-\x7e]*$/.test(from + to);
}
