/** The merge fields that are filled for each recipient; a closed set. */
export type MergeField = "recipientName" | "recipientAddress" | "unsubscribeUrl" | "webUrl";

/** The same for a program to ask: the compiler sees to it that none is missing. */
export const MERGE_FIELDS: Readonly<Record<MergeField, true>> = {
  recipientName: true,
  recipientAddress: true,
  unsubscribeUrl: true,
  webUrl: true,
};

/** Gmail shows this much of an email's HTML, and a link to the rest. */
export const CLIPPED_BYTES = 102 * 1024;

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
