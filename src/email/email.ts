/** The merge fields that are filled per recipient; a closed set. */
export type SlotName = "recipientName" | "recipientAddress" | "unsubscribeUrl" | "webUrl";

/**
 * A finished email addressed to nobody: `slots` maps each merge field it uses to the token that
 * stands for it in `html` and `text`.
 */
export interface Email {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly slots: Readonly<Partial<Record<SlotName, string>>>;
}
