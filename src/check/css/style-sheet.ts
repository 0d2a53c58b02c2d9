/** One thing that a selector asks of an element (Selectors 4 §3). */
export interface Simple {
  readonly kind:
    | "type"
    | "universal"
    | "class"
    | "id"
    | "attribute"
    | "pseudo-class"
    | "pseudo-element"
    | "nesting";
  /** In lower case, save for classes and ids. */
  readonly name: string;
  /** Of an attribute: `=`, `~=`, `|=`, `^=`, `$=` or `*=`. */
  readonly operator?: string | undefined;
  /** What the attribute is compared to, or what stands in a pseudo-class's brackets. */
  readonly value?: string | undefined;
}

/** What is asked of one element, and how it stands to the one before. */
export interface Compound {
  readonly combinator: "" | " " | ">" | "+" | "~";
  readonly simples: readonly Simple[];
}

export type Selector = readonly Compound[];

export interface Declaration {
  /** In lower case, save for custom properties. */
  readonly property: string;
  /** Without `!important`. */
  readonly value: string;
  readonly isImportant: boolean;
  readonly line: number;
}

/** An at-rule, with a block or without. */
export interface AtRule {
  /** In lower case, without its @. */
  readonly name: string;
  readonly prelude: string;
  readonly line: number;
  /** What stands in its own block: the descriptors of `@font-face`. */
  readonly declarations: readonly Declaration[];
  /** The at-rules that it is in, from the outside in. */
  readonly within: readonly AtRule[];
}

export interface StyleRule {
  /** None where the selector cannot be understood. */
  readonly selectors: readonly Selector[];
  readonly prelude: string;
  readonly declarations: readonly Declaration[];
  readonly line: number;
  readonly within: readonly AtRule[];
  /** Whether it stands in another style rule's block. */
  readonly isNested: boolean;
}

/** A style sheet as CSS Syntax 3 reads it: whatever is written, something comes out. */
export interface StyleSheet {
  readonly rules: readonly StyleRule[];
  readonly atRules: readonly AtRule[];
  /** The lines that a browser passes over since they are no CSS. */
  readonly faults: readonly { readonly line: number; readonly text: string }[];
}
