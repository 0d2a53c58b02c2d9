/** The few styles there are. What one says is also said in words. */
export type Style = "bold" | "dim" | "fix" | "look" | "ready";

/** A text in a style, or as it is where colour isn't wanted. */
export type Paint = (style: Style, text: string) => string;
