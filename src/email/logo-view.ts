import type { Logo } from "../digest/publication.ts";

/** The newsletter's logo as readers see it. Sizes are px. */
export interface LogoView {
  readonly src: string;
  /** The logo for a dark ground; null where the other one serves for both. */
  readonly dark: string | null;
  readonly alt: string;
  readonly width: string;
  /** Null where nobody measured it. */
  readonly height: string | null;
  /** The size beside a date on a phone. */
  readonly small: { readonly width: string; readonly height: string | null };
  /** Whether it stands on a piece of light paper in the dark. */
  readonly plate: boolean;
}

/** Beside it stands a date, on a screen of 280 px with gutters of 20. */
const SMALL_PX = 140;

export function logoView({ src, dark, alt, width, height, plate }: Logo): LogoView {
  const scale = Math.min(1, SMALL_PX / width);
  const sized = (by: number) => ({
    width: String(Math.round(width * by)),
    height: height === undefined ? null : String(Math.max(1, Math.round(height * by))),
  });
  return { src, dark: dark ?? null, alt, ...sized(1), small: sized(scale), plate: plate ?? false };
}
