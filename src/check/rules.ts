import type { Rule } from "./rule.ts";
import { DOCUMENT_RULES } from "./rules/document.ts";
import { IMAGE_RULES } from "./rules/images.ts";
import { LINK_RULES } from "./rules/links.ts";

/** Every rule that needs no browser. Of the same weight, what is found is told in this order. */
export const RULES: readonly Rule[] = [...LINK_RULES, ...IMAGE_RULES, ...DOCUMENT_RULES];
