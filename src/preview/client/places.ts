import { Look } from "./panels/look.ts";
import { Readers } from "./panels/readers.ts";
import { Sender } from "./panels/sender.ts";
import { Sources } from "./panels/sources.ts";
import type { PlaceName } from "./settings.ts";

/** The panels of the newsletter, which only the desk has. Each fills the page below the bar. */
export const places: Partial<Record<PlaceName, () => unknown>> = {
  look: Look,
  sources: Sources,
  list: Readers,
  sender: Sender,
};
