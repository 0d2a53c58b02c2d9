import { fontStack } from "../platform/css/font-stack.ts";
import { oneLine } from "./one-line.ts";
import * as z from "zod";

/** What an issue says of the newsletter that it belongs to, and the colours and fonts it wears. */

const line = z.string().transform(oneLine);
const HEX = /^#[0-9A-Fa-f]{6}$/;
const colour = z
  .string()
  .refine((written) => HEX.test(written), "is not a colour such as #B01E23")
  .meta({ pattern: HEX.source });

const stack = z
  .string()
  .refine(
    (written) => fontStack(written) !== undefined,
    "is not a list of fonts that ends in a kind, such as serif",
  )
  .transform((written) => fontStack(written) ?? written);

/** Of a machine nearby too, which an article may name: that no reader gets there is a finding of the check. */
export const webAddress = z.url({ protocol: /^https?$/ });

/** A picture's place: on the web, or in the issue's own folder. */
export const pictureSource = z
  .string()
  .regex(/^(?:https?:\/\/[^\s"<>]+|images\/[^/\\\s"<>]+)$/)
  .meta({ description: "An https URL, or images/ and the name of a file there" });

const logo = z
  .strictObject({
    src: pictureSource,
    dark: pictureSource.optional().meta({ description: "The logo on a dark ground" }),
    alt: line.meta({ description: "What it says, for those who do not see it" }),
    width: z.int().positive().max(520).meta({ description: "As it is shown, px" }),
    height: z.int().positive().optional(),
    plate: z.literal(true).optional().meta({
      description: "Its ground is clear, so on a dark page it stands on a piece of light paper",
    }),
  })
  .readonly();

export const publicationSchema = z
  .strictObject({
    name: line.meta({ description: "The nameplate" }),
    tagline: line.optional(),
    postalAddress: line
      .optional()
      .meta({ description: "Shown in the footer, as anti-spam law wants" }),
    reason: line.optional().meta({ description: "Why the reader gets this; shown in the footer" }),
    logo: logo.optional().meta({ description: "Stands in the place of the nameplate" }),
    accent: colour.optional(),
    accentDark: colour.optional(),
    fonts: z
      .strictObject({ serif: stack.optional(), sans: stack.optional() })
      .readonly()
      .optional()
      .meta({ description: "Fonts of the reader's machine, in place of the template's" }),
    footer: z
      .strictObject({
        lines: z.array(line).readonly().optional(),
        links: z
          .array(z.strictObject({ text: line, url: webAddress }).readonly())
          .readonly()
          .optional(),
      })
      .readonly()
      .optional()
      .meta({ description: "More lines and links at the foot of the page" }),
  })
  .readonly();
