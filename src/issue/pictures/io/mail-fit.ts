import type { PictureFacts } from "./picture-facts.ts";
import type { PictureType } from "../../../platform/picture.ts";

/** The limits within which a picture is sent unchanged. Other pictures are converted to fit them. */
export const MAIL_FIT = {
  /** Twice the width of the email, for high-resolution screens. */
  widthPx: 1200,
  /** Readers do not scroll past a taller picture to reach the text. */
  heightPx: 2400,
  /** Readers on phones pay for their data. */
  bytes: 500_000,
  /** An animation can't be made smaller without losing frames. */
  animatedBytes: 2_000_000,
} as const;

/** A reason why a picture should not be sent unchanged. */
export interface Objection {
  readonly against: "type" | "size" | "bytes" | "metadata" | "colours" | "end";
  /** The rest of a sentence that begins with the picture. */
  readonly says: string;
}

/** Returns the reasons against sending a picture unchanged; empty if it can be sent. */
export function objectionsTo(
  content: Buffer,
  type: PictureType,
  facts: PictureFacts | undefined,
): Objection[] {
  if (!["png", "jpeg", "gif"].includes(type.name)) {
    return [{ against: "type", says: `is ${type.noun}, which many mail programs don't show` }];
  }
  if (!facts) return [{ against: "end", says: "does not say how large it is" }];
  const { widthPx, heightPx, isAnimated } = facts;
  const isMoving = type.name === "gif" && isAnimated;
  const found: (Objection | false)[] = [
    !isMoving &&
      (widthPx > MAIL_FIT.widthPx || heightPx > MAIL_FIT.heightPx) && {
        against: "size",
        says: `is ${widthPx} × ${heightPx} px large`,
      },
    content.length > (isMoving ? MAIL_FIT.animatedBytes : MAIL_FIT.bytes) && {
      against: "bytes",
      says: `weighs ${megabytes(content.length)}`,
    },
    facts.hasMetadata && {
      against: "metadata",
      says: "holds what its camera or editor wrote into it, perhaps the place",
    },
    facts.isForPrint && { against: "colours", says: "is in the colours of print" },
    !facts.isWhole && { against: "end", says: "does not end as it should" },
  ];
  return found.filter((objection) => objection !== false);
}

/** For example "2.4 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
