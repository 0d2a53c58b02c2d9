import type { PictureFacts } from "./picture-facts.ts";
import type { PictureType } from "../../../platform/picture.ts";

/** What a picture may be and still go into a mail as it is, and what others are made to be. */
export const MAIL_FIT = {
  /** Twice the width of the email, for screens that show two pixels where others show one. */
  widthPx: 1200,
  /** Readers don't scroll through a taller one to come to the words. */
  heightPx: 2400,
  /** Each reader on a phone pays for it. */
  bytes: 500_000,
  /** An animation can't be made lighter without losing what it is. */
  animatedBytes: 2_000_000,
} as const;

/** Why a picture should not go into a mail as it is. */
export interface Objection {
  readonly against: "type" | "size" | "bytes" | "metadata" | "colours" | "end";
  /** The end of a sentence about the picture. */
  readonly says: string;
}

/** What speaks against a picture as it is; nothing where it may go into a mail. */
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

/** "2.4 MB" */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
