/**
 * A picture that an issue shows: its name in `images/`, and its bytes. Apart from the email, as that is a type of the library,
 * whose types need none of Node's.
 */
export interface Picture {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}
