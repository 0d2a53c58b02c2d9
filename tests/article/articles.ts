import type { Article, SourceFormat, ReadOptions } from "../../src/article/article.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { type ErrorCode, BroadsheetError } from "../../src/errors.ts";

/** Reads a body as a file of its format would be read. */
export function read(format: SourceFormat, body: string, options: ReadOptions = {}): Article {
  const location = format === "markdown" ? "content/story.md" : "content/story.txt";
  return readArticle({ format, location, body }, options);
}

/** The code that an attempt fails with; "none" where it does not fail. */
export function codeOf(attempt: () => unknown): ErrorCode | "none" {
  try {
    attempt();
    return "none";
  } catch (error) {
    if (error instanceof BroadsheetError) return error.code;
    throw error;
  }
}

export function paragraphsOf({ text }: Article): string[] {
  return text.split("\n\n");
}

/** Two paragraphs of a story, for tests that are about what stands around them. */
export const STORY = `The river rose again on Monday night, and the town of Overby spent it on the dike with sandbags and lamps.

Nobody was hurt, the harbour master said, but forty houses on the lower road have no power and will not for days.`;

/** A news article as copied from a page: a question for a title, captions between paragraphs, boilerplate last. */
export const COPIED = `Can Overby keep the river out for another winter?

Volunteers on the dike at Overby on Monday night. Image | Harbour Gazette

The river rose again on Monday night, and the town of Overby spent it on the dike with sandbags and lamps, as it has done in four of the last five winters.

“We are not beaten,” said the harbour master, Ingrid Vale. 

Engineers from the county measured 6.2 metres at the old bridge, twelve centimetres below the crown of the dike and the highest level since records began there in 1911.

The lower road under water. Image | Harbour Gazette

Forty houses have no power, and the school is closed until the substation has been pumped dry, which the grid company expects to take at least until the end of the week.

Mara Lindqvist

Leave a Reply`;

/** A page copied as text by a text browser: menus, a story, related links, comments, a footer. */
export const PAGE = `    Skip to main content
      * Home
      * News
      * Sport
      * Weather
      * Harbour
          + Tides
          + Ferries
      * About us
      * Contact
    Search

        The ferry that refused to retire

          By Jonas Elm

          14 March 2019

            * Facebook
            * Twitter
            * Email

        The ferry Aurora has crossed the sound since 1962, and this spring she was to be sold for scrap. The buyer came, looked at her engine, and went home without her.

        Her crew has kept every bolt of it in order, says the chief engineer, who joined her as a boy.

        "She starts at the first turn."

        Advertisement

        The county now wants to keep her as a reserve for the new electric ferry, which has missed eleven days since January because its charging arm freezes, according to the operator.

        Related

          * New ferry stays in port again
          * What the sound looked like in 1962

        Passengers seem pleased. A petition to keep her had four thousand signatures on Friday, in a town of six thousand people, and the school choir has announced that it will sing on her deck until the county has made up its mind about what it wants.

        Tags: ferries, harbour

      Comments

        Ole 15 March 2019

          My grandfather sailed on her and would be glad to read this, even if he never learned to like the coffee that they served on board.

        Reply

      More from Harbour
        * Ferry timetable for the summer
        * Pilot boats to be painted
        * Quay closed for repairs

      Subscribe to our newsletter

      Privacy policy
      Terms of use

      © 2019 The Sound Courier. All rights reserved.`;
