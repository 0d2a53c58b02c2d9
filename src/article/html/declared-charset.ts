// The standard has browsers look at 1,024 bytes; on many pages scripts come first.
const HEAD_BYTES = 8192;

/**
 * The encoding that a page declares, as a TextDecoder's `encoding` ("gbk" for `gb2312`,
 * "windows-1252" for `latin1`): in its Content-Type header, whose label is `charset`, then in its XML declaration, then in a
 * `meta` element. Undefined where it declares none, or one that is unknown or cannot be true. Meant
 * for bytes that are not valid UTF-8, where declarations begin to matter: of pages that are, some
 * declare something else (HTML standard §13.2.3.2, in the order measured to be right).
 */
export function declaredCharset(bytes: Uint8Array, charset?: string): string | undefined {
  const head = LATIN_1.decode(bytes.subarray(0, HEAD_BYTES));
  const labels = [
    charset,
    /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w:.-]+)/i.exec(head)?.[1],
    /<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1],
  ];
  return labels
    .map((label) => encodingOf(label))
    .find((encoding) => encoding !== undefined && isPlausible(encoding, bytes));
}

const LATIN_1 = new TextDecoder("latin1");

function encodingOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    const { encoding } = new TextDecoder(label);
    // What could be read as single bytes is no UTF-16 (§13.2.3.2, step 12).
    return encoding.startsWith("utf-16") ? "utf-8" : encoding;
  } catch {
    return undefined;
  }
}

// A UTF-8 page that is cut off, or has one foreign comment in it, is still one; a page in which
// nothing decodes was declared by a template.
function isPlausible(encoding: string, bytes: Uint8Array): boolean {
  if (encoding !== "utf-8") return true;
  const text = new TextDecoder("utf-8").decode(bytes);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[\u0080-\ufffc]|[\ud800-\udbff]/g)?.length ?? 0;
  return whole >= broken;
}
