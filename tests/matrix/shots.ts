import type { View } from "./render-matrix.ts";

/** A view of the matrix as somebody sees it. */
export interface Shot extends View {
  readonly name: string;
  readonly widthPx: 320 | 375 | 640;
  readonly seen: Seen;
}

/**
 * In light or in the email's own dark colours; where a client turns the colours round, drops the styles
 * or blocks the pictures; or on paper.
 */
export type Seen = "light" | "dark" | "inverted" | "unstyled" | "images off" | "printed";

type Row = readonly [
  fixture: View["fixture"],
  template: View["template"],
  language: View["language"],
  widthPx: Shot["widthPx"],
  seen: Seen,
];

const ROWS: readonly Row[] = [
  ["brief", "brief", "en", 375, "light"],
  ["brief", "brief", "en", 375, "dark"],
  ["brief", "brief", "en", 640, "light"],
  ["also in", "digest", "en", 375, "light"],
  ["sections", "digest", "en", 640, "light"],
  ["letter", "letter", "en", 375, "light"],
  ["letter", "letter", "en", 375, "dark"],
  ["brief", "brief", "ar", 375, "light"],
  ["sections", "digest", "ar", 640, "dark"],
  ["ten", "digest", "ja", 375, "light"],
  ["brief", "brief", "he", 375, "light"],
  ["everything", "digest", "en", 640, "light"],
  ["everything", "digest", "en", 375, "dark"],
  ["plate and accent", "brief", "en", 375, "dark"],
  ["long words", "brief", "en", 375, "light"],
  ["other languages", "digest", "en", 375, "light"],
  ["also in", "digest", "en", 375, "inverted"],
  ["brief", "brief", "en", 375, "images off"],
  ["ten", "digest", "en", 375, "unstyled"],
  ["brief", "brief", "en", 640, "printed"],
];

/** The views that are kept as pictures. */
export const SHOTS: readonly Shot[] = ROWS.map(([fixture, template, language, widthPx, seen]) => {
  const parts = [template, language, fixture === template ? "" : fixture, widthPx, seen];
  const name = parts
    .filter((part) => part !== "")
    .join("-")
    .replaceAll(" ", "-");
  return { name, fixture, template, language, widthPx, seen };
});
