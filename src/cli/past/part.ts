/** A part of the page: what it is about, what there is to say of it in one sentence, and the rest in HTML. */
export interface Part {
  readonly label: string;
  readonly headline: string;
  readonly html: string;
}
