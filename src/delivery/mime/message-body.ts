import { BroadsheetError } from "../../errors.ts";
import type { InlineImage } from "../mailing.ts";
import type { Hole, Pattern } from "../pattern.ts";
import { parameterField } from "./header-text.ts";
import { quotedPrintable, SOFT_BREAK } from "./quoted-printable.ts";

/** A hole in a part that is written as quoted-printable. */
interface EncodedHole extends Hole {
  /** Follows the value, unless that is empty. */
  readonly after: string;
}

/** Finished text, a hole in a header, or one in a part. */
export type Piece = string | Hole | EncodedHole;

interface Content {
  readonly text: Pattern;
  readonly html: Pattern;
  readonly images: readonly InlineImage[];
  /** Without the prefix that no encoded part can hold. */
  readonly boundary: string;
}

/**
 * The Content-Type and all that follows it: text first, then HTML, with its pictures around it where it
 * has any (RFC 2046 §5.1.4, RFC 2387).
 */
export function messageBody({ text, html, images, boundary }: Content): Piece[] {
  const [outer, inner] = [`=_${boundary}_1`, `=_${boundary}_2`];
  const htmlPart = textPart("html", html);
  return [
    `Content-Type: multipart/alternative; boundary="${outer}"\r\n\r\n`,
    ...multipart(outer, [
      textPart("plain", text),
      images.length === 0
        ? htmlPart
        : [
            `Content-Type: multipart/related; type="text/html";\r\n boundary="${inner}"\r\n\r\n`,
            ...multipart(inner, [htmlPart, ...images.map((image) => [imagePart(image)])]),
          ],
    ]),
  ];
}

/** "=_" can stand in neither quoted-printable nor base64 (RFC 2045 §6.7), so no part can hold a boundary. */
function multipart(boundary: string, parts: readonly Piece[][]): Piece[] {
  return [
    ...parts.flatMap((part) => [`--${boundary}\r\n`, ...part, "\r\n"]),
    `--${boundary}--\r\n`,
  ];
}

function textPart(subtype: string, pattern: Pattern): Piece[] {
  return [
    `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    ...pattern.map((part, index) => {
      const after = index === pattern.length - 1 ? "" : SOFT_BREAK;
      if (typeof part !== "string") return { ...part, after };
      const encoded = quotedPrintable(part);
      return encoded.endsWith("\r\n") ? encoded : encoded + after;
    }),
  ];
}

function imagePart({ cid, filename, contentType, content }: InlineImage): string {
  assertSafe({ cid, filename, contentType });
  return [
    parameterField("Content-Type", contentType, { name: filename }),
    "Content-Transfer-Encoding: base64",
    parameterField("Content-Disposition", "inline", { filename }),
    `Content-ID: <${cid}>`,
    "",
    ...(content.toString("base64").match(/.{1,76}/g) ?? []),
  ].join("\r\n");
}

function assertSafe({ cid, filename, contentType }: Omit<InlineImage, "content">): void {
  const isSafe =
    /^[\w.@+-]+$/.test(cid) && /^image\/[\w.+-]+$/.test(contentType) && !/\p{Cc}/u.test(filename);
  if (isSafe) return;
  throw new BroadsheetError(
    "EMAIL_INVALID",
    `the picture "${filename}" cannot travel in a message`,
    {
      fix: "rename its file with plain letters, digits and hyphens, and build again",
    },
  );
}
