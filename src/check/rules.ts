import type { Rule } from "./rule.ts";
import { CHROME_RULES } from "./rules/chrome.ts";
import { CLIENT_RULES } from "./rules/clients.ts";
import { COLOUR_RULES, DARK_RULES } from "./rules/colour.ts";
import { DOCUMENT_RULES, STRUCTURE_RULES } from "./rules/document.ts";
import { HEADER_RULES, LIST_RULES } from "./rules/headers.ts";
import { IMAGE_RULES, LAYOUT_RULES } from "./rules/images.ts";
import { LEFTOVER_RULES, PLACEHOLDER_RULES } from "./rules/leftovers.ts";
import { LINK_RULES } from "./rules/links.ts";
import { MIME_RULES } from "./rules/mime.ts";
import { EDITORIAL_RULES } from "./rules/editorial.ts";
import { PLACEHOLDER_COPY_RULES } from "./rules/placeholder-copy.ts";
import { READING_RULES } from "./rules/reading.ts";
import { SENTENCE_RULES, TEXT_RULES } from "./rules/text.ts";
import { SUPPORT_RULES } from "./rules/support.ts";
import { TYPE_RULES } from "./rules/type.ts";

/** What holds for the HTML part. Of the same weight, findings are reported in this order. */
export const HTML_RULES: readonly Rule[] = [
  ...LEFTOVER_RULES,
  ...PLACEHOLDER_COPY_RULES,
  ...LINK_RULES,
  ...CHROME_RULES,
  ...IMAGE_RULES,
  ...COLOUR_RULES,
  ...CLIENT_RULES,
  ...STRUCTURE_RULES,
  ...DOCUMENT_RULES,
  ...TYPE_RULES,
  ...LAYOUT_RULES,
  ...DARK_RULES,
  ...SUPPORT_RULES,
];

/** What holds for a message: its header, its parts, and that they say the same. */
export const MESSAGE_RULES: readonly Rule[] = [
  ...PLACEHOLDER_RULES,
  ...HEADER_RULES,
  ...LIST_RULES,
  ...MIME_RULES,
  ...TEXT_RULES,
];

/** What holds for the model that an issue was rendered from. */
export const ISSUE_RULES: readonly Rule[] = [
  ...READING_RULES,
  ...SENTENCE_RULES,
  ...EDITORIAL_RULES,
];

/** Every rule that needs no browser. */
export const RULES: readonly Rule[] = [...HTML_RULES, ...MESSAGE_RULES, ...ISSUE_RULES];
