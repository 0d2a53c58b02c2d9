import { domainToASCII } from "node:url";
import { BroadsheetError, type ErrorCode } from "../errors.ts";

/** A sender or a recipient: one address, with a name if there is one. */
export interface Recipient {
  /** `local@domain`. The domain is in lower case and in A-labels (RFC 5890 §2.3.2.1). */
  readonly address: string;
  readonly name?: string;
}

/** The reason why a mailbox can't be used. */
interface RecipientFault {
  /** Continues the sentence "the recipient …". */
  readonly what: string;
  readonly fix: string;
}

const WRITE_ONE = 'write one address: name@domain, or "Name <name@domain>"';

/** The limits of RFC 5321 §4.5.3.1 are in octets, not characters. */
const LOCAL_PART_OCTETS = 64;
const ADDRESS_OCTETS = 254;
const NAME_LENGTH = 200;

/** A dot-atom (RFC 5322 §3.2.3), with the characters outside ASCII that RFC 6532 §3.2 adds. */
const DOT_ATOM =
  /^[\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10FFFF}]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10FFFF}]+)*$/u;
const DOMAIN_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * One recipient from `name@domain`, `Name <name@domain>` or `"Name, with comma" <name@domain>` (RFC 5322 §3.4). An
 * internationalised domain becomes A-labels. Quoted local parts and address literals are refused, because no list needs them
 * and they can make one address look like another.
 * @throws BroadsheetError USAGE. It does not repeat the address.
 */
export function parseRecipient(text: string): Recipient {
  return normalRecipient(splitMailbox(text), "USAGE", "the recipient");
}

/**
 * The recipient with its address in normal form, which is valid in a header and an envelope.
 * @throws BroadsheetError with `code`, about `who`.
 */
export function normalRecipient(recipient: Recipient, code: ErrorCode, who: string): Recipient {
  const normal = readRecipient(recipient);
  if (!("what" in normal)) return normal;
  throw new BroadsheetError(code, `${who} ${normal.what}`, { fix: normal.fix });
}

/** The recipient in normal form, or the reason why it is invalid. */
export function readRecipient({ address, name = "" }: Recipient): Recipient | RecipientFault {
  const fault = faultOf(address, name);
  if (fault) return fault;
  const normal = readAddress(address.slice(0, address.indexOf("@")), domainOf(address));
  if (typeof normal !== "string") return normal;
  const trimmed = name.trim();
  return trimmed === "" ? { address: normal } : { address: normal, name: trimmed };
}

/** The domain of an address, after its last `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** The two parts of a written mailbox. They are not checked. */
export function splitMailbox(text: string): Recipient {
  const trimmed = text.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*<([^<>]*)>$/.exec(trimmed);
  if (quoted) return { address: quoted[2] ?? "", name: (quoted[1] ?? "").replace(/\\(.)/g, "$1") };
  const named = /^([^"<>@,;]*)<([^<>]*)>$/.exec(trimmed);
  return named ? { address: named[2] ?? "", name: named[1] ?? "" } : { address: trimmed };
}

function faultOf(address: string, name: string): RecipientFault | undefined {
  if (/\p{Cc}|\p{Cs}/u.test(address + name)) {
    return { what: "contains a line break or a control character", fix: WRITE_ONE };
  }
  if (name.length > NAME_LENGTH) {
    return { what: `has a name longer than ${NAME_LENGTH} characters`, fix: "shorten the name" };
  }
  if (name.includes("=?")) {
    return { what: "has a name that mail programs would decode (RFC 2047)", fix: "remove the =?" };
  }
  if (address === "") return { what: "is empty", fix: WRITE_ONE };
  if (!address.includes("@")) return { what: "has no @ in its address", fix: WRITE_ONE };
  if (/[,;<>]/.test(address) || address.indexOf("@") !== address.lastIndexOf("@")) {
    return { what: "is not exactly one address", fix: WRITE_ONE };
  }
  return undefined;
}

function readAddress(local: string, domain: string): string | RecipientFault {
  if (local === "" || domain === "") {
    return { what: "has nothing on one side of its @", fix: WRITE_ONE };
  }
  if (!DOT_ATOM.test(local)) {
    return {
      what: "has a character or a dot before its @ that is not allowed there",
      fix: WRITE_ONE,
    };
  }
  const ascii = asciiDomain(domain);
  if (ascii === undefined) {
    return { what: `has a domain that cannot exist: ${domain}`, fix: "correct what follows the @" };
  }
  if (
    Buffer.byteLength(local) > LOCAL_PART_OCTETS ||
    Buffer.byteLength(local) + ascii.length >= ADDRESS_OCTETS
  ) {
    return { what: "has an address longer than mail allows (RFC 5321)", fix: WRITE_ONE };
  }
  return `${local}@${ascii}`;
}

/** The most domains in the cache. A large list has few domains, each many times. */
const MOST_KEPT = 10_000;
const asciiDomains = new Map<string, string>();

/** The domain in A-labels. Undefined if it is not a host name. */
function asciiDomain(domain: string): string | undefined {
  const before = asciiDomains.get(domain);
  if (before !== undefined) return before;
  const ascii = toAscii(domain);
  if (ascii !== undefined && asciiDomains.size < MOST_KEPT) asciiDomains.set(domain, ascii);
  return ascii;
}

/**
 * Only letters, digits, hyphens and dots are passed on, because domainToASCII reads `ä.example/x` and `%61` as a URL
 * parser does.
 */
function toAscii(domain: string): string | undefined {
  if (/[^A-Za-z0-9.\-\u0080-\u{10FFFF}]/u.test(domain)) return undefined;
  const ascii = /^[\x21-\x7e]+$/.test(domain) ? domain.toLowerCase() : domainToASCII(domain);
  const labels = ascii.split(".");
  const isHostName = labels.every((label) => DOMAIN_LABEL.test(label));
  return isHostName && !/^\d+$/.test(labels.at(-1) ?? "") ? ascii : undefined;
}

/** Whether the domain of an address is reserved for examples, where no mail arrives (RFC 2606). */
export function isPlaceholder(address: string): boolean {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid)\.?$/.test(domain);
}

/**
 * The address in lower case, for comparing mailboxes. RFC 5321 §2.4 allows a server to treat "Mara" and "mara" as two
 * mailboxes. No server does, and a list that did would send to one person twice.
 */
export function addressKey(address: string): string {
  return /^[\x21-\x7e]*$/.test(address)
    ? address.toLowerCase()
    : address.normalize("NFC").toLowerCase();
}
