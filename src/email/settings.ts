import * as z from "zod";
import { fontStack } from "../platform/css/font-stack.ts";
import {
  checked,
  type Complaint,
  line,
  quote,
  urlComplaint,
  webUrl,
  withoutComplaint,
} from "../platform/setting.ts";

const template = checked(
  (value) => (/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(value) ? value : undefined),
  (value) => [
    `is ${quote(value)}, which is not the name of a template`,
    "give the name of its folder, without a path",
  ],
);

const accent = checked(
  (value) => (/^#[0-9a-f]{6}$/i.test(value) ? value.toUpperCase() : undefined),
  (value) => [
    `is ${quote(value)}, which is not a colour`,
    'write it as "#RRGGBB", such as "#B01E23"',
  ],
);

const fonts = checked(fontStack, (value) => [
  `is ${quote(value)}, which is not a list of fonts`,
  `write names with commas between them, the last one serif, sans-serif or system-ui, such as "'Iowan Old Style',Georgia,serif"`,
]);

const picture = withoutComplaint(pictureComplaint);

/** Returns the complaint about the file name or https address of a picture. */
function pictureComplaint(value: string): Complaint | undefined {
  if (value.trim() === "") return ["is empty", "name a picture, or remove the line"];
  if (!/^[a-z][a-z+.-]+:/i.test(value)) return undefined;
  return urlComplaint(value);
}

const logo = z.strictObject({
  src: picture.meta({
    description: "A file, relative to the config, or an https address.",
    example: "art/name.png",
  }),
  dark: picture.optional().meta({
    description:
      "The logo for dark backgrounds. Without it, a logo with a transparent background gets a light plate there.",
    example: "art/name-dark.png",
  }),
  alt: line.optional().meta({
    description: "The alt text of the logo; the newsletter's name by default.",
    example: "The Tidewrack",
  }),
  width: z
    .int()
    .positive()
    .max(520, { error: "is more than 520, the width of the text", abort: true })
    .optional()
    .meta({
      description:
        "The width in the email, px; by default half the width of the picture, at most 280.",
      example: 220,
    }),
});

const footer = z.strictObject({
  lines: z
    .array(line)
    .optional()
    .meta({ description: "Lines of text.", example: ["Set by hand."] }),
  links: z
    .array(
      z.strictObject({
        text: line.meta({ description: "The text of the link.", example: "Earlier issues" }),
        url: webUrl().meta({
          description: "The address of the link.",
          example: "https://letter.example/issues",
        }),
      }),
    )
    .optional()
    .meta({ description: "Links below the lines." }),
});

/** The settings for the look of an issue. */
export const emailSettings = {
  template: template.optional().meta({
    description:
      '"digest", "brief", "letter" or a template of your own. By default one story makes a brief, several a digest.',
    example: "letter",
  }),
  logo: logo.optional().meta({ description: "A picture instead of the name." }),
  accent: accent
    .optional()
    .meta({ description: "The accent colour, `#RRGGBB`.", example: "#1B4F8A" }),
  accentDark: accent.optional().meta({
    description: "The accent colour on a dark background; derived from `accent` by default.",
    example: "#8AB4E8",
  }),
  fonts: z
    .strictObject({
      serif: fonts.optional().meta({
        description: "Fonts instead of the template's serif.",
        example: "'Iowan Old Style',Georgia,serif",
      }),
      sans: fonts.optional().meta({
        description: "Fonts instead of its sans-serif.",
        example: "Seravek,Verdana,sans-serif",
      }),
    })
    .optional()
    .meta({
      description:
        "Font lists in the syntax of CSS. The fonts have to be on the readers' devices: none is downloaded.",
    }),
  footer: footer.optional().meta({ description: "More content at the foot of every issue." }),
};
