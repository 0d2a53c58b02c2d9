/** A header field as it stands in the message. */
export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** Unfolded (RFC 5322 §2.2.3); encoded words as they are. */
  readonly value: string;
  readonly line: number;
  /** Octets of its longest line, line end not counted. */
  readonly longestLine: number;
}

/** A part of a message, or all of it (RFC 2045, RFC 2046). */
export interface MimePart {
  readonly headers: readonly HeaderField[];
  /** In lower case: `text/html`. */
  readonly type: string;
  /** As it is declared; undefined where it isn't. */
  readonly charset: string | undefined;
  /** Of the content, in lower case: `quoted-printable`. */
  readonly encoding: string;
  /** Without brackets; "" where it has none. */
  readonly contentId: string;
  readonly isAttachment: boolean;
  readonly parts: readonly MimePart[];
  readonly line: number;
  /** Octets of its body, still encoded, and of the longest line in it. */
  readonly bytes: number;
  readonly longestLine: number;
  /** Whether an octet above 127 is in its body, still encoded. */
  readonly has8Bit: boolean;
}

/** A message: its structure, and what a reader gets of it. */
export interface MailMessage {
  readonly root: MimePart;
  readonly subject: string | undefined;
  /** The addresses in its From field. */
  readonly from: readonly string[];
  /** Of several parts, all of them in a row. */
  readonly html: string | undefined;
  readonly text: string | undefined;
  readonly bytes: number;
  /** Lines that end in CRLF, and those that end in LF or CR alone. */
  readonly lineEnds: { readonly crlf: number; readonly bare: number };
}

/** All parts of a message that have no parts of their own, in order. */
export function leavesOf(part: MimePart): readonly MimePart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf);
}

/** The fields of a name in a part's header. */
export function fields({ headers }: MimePart, name: string): readonly HeaderField[] {
  return headers.filter((field) => field.name === name.toLowerCase());
}

/** The value of the first field of a name, trimmed; undefined where there is none. */
export function field(part: MimePart, name: string): string | undefined {
  return fields(part, name)[0]?.value.trim();
}
