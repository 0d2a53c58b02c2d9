/** The merge fields that are filled for each recipient; a closed set. */
export const MERGE_FIELDS = [
  "recipientName",
  "recipientAddress",
  "unsubscribeUrl",
  "webUrl",
] as const;

export type MergeField = (typeof MERGE_FIELDS)[number];

/**
 * A finished email without a recipient: `slots` maps each merge field that it uses to the token that
 * stands for it in `html` and `text`.
 */
export interface Email {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly slots: Readonly<Partial<Record<MergeField, string>>>;
}

/** A picture that an issue shows: its name in `images/`, and its bytes. */
export interface Picture {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}
