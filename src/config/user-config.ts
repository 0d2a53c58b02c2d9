import type * as z from "zod";
import type { settings } from "./config.ts";

/** The type of a config. The build writes it to the package with a description of each key. */
export type UserConfig = z.input<typeof settings>;
