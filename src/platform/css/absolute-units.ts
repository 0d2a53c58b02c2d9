/** How many CSS pixels an absolute unit of length has (CSS Values 4 §6.2). */
export const PX_IN: ReadonlyMap<string, number> = new Map([
  ["px", 1],
  ["pt", 4 / 3],
  ["pc", 16],
  ["in", 96],
  ["cm", 96 / 2.54],
  ["mm", 96 / 25.4],
]);
