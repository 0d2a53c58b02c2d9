import type { AtRule } from "./style-sheet.ts";

export type Scheme = "light" | "dark";

/**
 * Whether what stands in these at-rules holds on a screen in a colour scheme, whatever its width: what
 * only holds from a width on, or on paper, does not.
 */
export function holds(within: readonly AtRule[], scheme: Scheme): boolean {
  return within.every(({ name, prelude }) => name === "media" && mediaHolds(prelude, scheme));
}

/** Whether a media query asks for the dark scheme. */
export function asksForDark({ name, prelude }: AtRule): boolean {
  return name === "media" && /prefers-color-scheme\s*:\s*dark/i.test(prelude);
}

function mediaHolds(prelude: string, scheme: Scheme): boolean {
  return prelude.split(",").some((query) => {
    const parts = query
      .toLowerCase()
      .replace(/^\s*only\s/, "")
      .split(/\sand\s/);
    return parts.every((part) => partHolds(part.trim(), scheme));
  });
}

function partHolds(part: string, scheme: Scheme): boolean {
  const wanted = /^\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)$/.exec(part)?.[1];
  return wanted === undefined ? ["screen", "all", ""].includes(part) : wanted === scheme;
}
