/** A picture that an issue shows: its name in `images/`, and its bytes. */
export interface Picture {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}
