import { mintBounceToken, mintToken } from "../../../subscribers/tokens.ts";
import { type Keyring, keyringOf } from "../../../subscribers/keyring.ts";
import type { Config } from "../../../config/config.ts";
import {
  type CompiledMessage,
  compileMessage,
  messageFor,
  messageIdFor,
  contentHash,
} from "../../../delivery/compile-message.ts";
import { type DkimKey, signMessage } from "../../../delivery/dkim.ts";
import type { Addressee, Claim } from "../../../delivery/ledger.ts";
import { type Message, sizeOf } from "../../../delivery/message.ts";
import type { Reader } from "../../../delivery/merge-fields.ts";
import { BroadsheetError } from "../../../errors.ts";
import { mailingFor, withInlinePictures } from "../../mailing.ts";
import { loadDkimKeys } from "../../../delivery/io/load-dkim-keys.ts";
import type { IssueToSend } from "../../issue-to-send.ts";

/** An issue that is ready to be addressed: compiled, with the keys that tokens and signatures want. */
export class PrintedIssue {
  /** Of all that is the same for every reader. */
  readonly contentHash: string;
  readonly #compiled: CompiledMessage;
  readonly #keyring: Keyring;
  readonly #dkimKeys: readonly DkimKey[];
  readonly #date: Date;

  private constructor(
    compiled: CompiledMessage,
    hash: string,
    keys: { readonly keyring: Keyring; readonly dkimKeys: readonly DkimKey[] },
  ) {
    this.#compiled = compiled;
    this.contentHash = hash;
    this.#keyring = keys.keyring;
    this.#dkimKeys = keys.dkimKeys;
    this.#date = compiled.mailing.date;
  }

  /** @throws BroadsheetError SECRET_MISSING, DKIM_KEY_UNUSABLE, CONFIG_INVALID, EMAIL_INVALID. */
  static async print(issue: IssueToSend, config: Config, date: Date): Promise<PrintedIssue> {
    const keyring = keyringFor(config);
    const dkimKeys = await loadDkimKeys(config);
    const { email, images } = withInlinePictures(issue.email, issue.pictures);
    const compiled = compileMessage(email, { ...mailingFor(config, issue.digest, date), images });
    return new PrintedIssue(compiled, contentHash(email, images), { keyring, dkimKeys });
  }

  /** The bytes of a message, but for a name and a signature. */
  get size(): number {
    return sizeOf(messageFor(this.#compiled, { address: "reader@example.org" }));
  }

  messageIdOf(to: Addressee): string {
    return messageIdFor(this.#compiled.mailing, to.address);
  }

  /** @throws BroadsheetError USAGE for a recipient that can't stand in a header. */
  async messageOf({ to, messageId }: Claim, list: Uint8Array): Promise<Message> {
    const reader = { ...to, messageId, ...this.#tokensOf(to, list) };
    return signMessage(messageFor(this.#compiled, reader), this.#dkimKeys, this.#date);
  }

  #tokensOf({ subscriberId }: Addressee, list: Uint8Array): Pick<Reader, "token" | "bounceToken"> {
    if (subscriberId === undefined) return {};
    const subscription = { subscriberId, list };
    const token = mintToken(subscription, this.#keyring);
    // An address that comes back to the sender names nobody.
    if (this.#compiled.mailing.bounce === undefined) return { token };
    return { token, bounceToken: mintBounceToken(subscription, this.#keyring) };
  }
}

function keyringFor({ secrets: { secret, oldSecrets } }: Config): Keyring {
  if (secret !== undefined) return keyringOf(secret, oldSecrets);
  throw new BroadsheetError(
    "SECRET_MISSING",
    "there is no secret, and every reader's way out of the list is signed with it",
    {
      fix: "set BROADSHEET_SECRET, in the environment or in .env beside the config, to something long that nobody can guess, and keep it",
    },
  );
}
