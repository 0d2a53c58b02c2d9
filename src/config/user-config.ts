import type * as z from "zod";
import type { settings } from "./config.ts";

/** What a config may say. The build writes this type out into the package, with what each key means. */
export type UserConfig = z.input<typeof settings>;
