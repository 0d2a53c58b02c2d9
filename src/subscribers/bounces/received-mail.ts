/** One field of a header, its name in small letters and its value on one line. */
export interface Field {
  readonly key: string;
  readonly value: string;
}

/** A part of a mail besides its text. */
export interface MailPart {
  /** In small letters: `message/delivery-status`. */
  readonly type: string;
  readonly text: string;
}

/** A received mail, parsed. */
export interface ReceivedMail {
  readonly fields: readonly Field[];
  readonly subject: string;
  readonly from?: string;
  readonly text: string;
  readonly parts: readonly MailPart[];
}

/** The fields of a header as it is written (RFC 5322 §2.2.3: a line that begins with a blank goes on). */
export function fieldsIn(header: string): Field[] {
  return header
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name = "", value = ""] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
      return name === "" ? [] : [{ key: name.toLowerCase(), value: oneLine(value) }];
    });
}

/** The first value of a field; empty where there is none. */
export function valueOf(fields: readonly Field[], key: string): string {
  return fields.find((field) => field.key === key)?.value ?? "";
}

/** The header of a mail: all before the first empty line. */
export function headerOf(text: string): string {
  return text.slice(0, MOST_HEADER).split(/\r?\n\r?\n/, 1)[0] ?? "";
}

const MOST_HEADER = 64 * 1024;

/** Text from outside on one line, without control characters, which could steer a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}
