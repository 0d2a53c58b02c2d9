import type { Refused, Shape } from "./ai-sdk.ts";

/** What is asked for first. */
export const FULL_SHAPE: Shape = { form: "schema", isSteady: true };

const PLAINER = { schema: "json", json: "words", words: undefined } as const satisfies Record<
  Shape["form"],
  Shape["form"] | undefined
>;
/** How servers say that they don't know a part of the request. */
const UNKNOWN_PART =
  /response_?format|json|schema|structured|output_config|tool|unsupported|not support|unrecogni[sz]ed|unknown|extra|invalid[_ ]param|temperature/i;

/** A plainer shape that a server may know which refused this one; undefined where the fault lies elsewhere. */
export function plainerShape(shape: Shape, { status, said }: Refused): Shape | undefined {
  if (status !== 400 && status !== 422 && status !== 501) return undefined;
  if (!UNKNOWN_PART.test(said)) return undefined;
  if (shape.isSteady && /temperature/i.test(said)) return { ...shape, isSteady: false };
  const form = PLAINER[shape.form];
  return form && { ...shape, form };
}
