/** What stands in for a package that mjml-core requires; the build of the package goes by this as well. */
export const STAND_INS: ReadonlyMap<string, string> = new Map([
  ["htmlnano", "./never-called.ts"],
  ["cssnano-preset-lite", "./never-called.ts"],
  ["js-beautify", "./never-called.ts"],
  ["juice", "./lazy-juice.ts"],
  ["cheerio", "./lazy-cheerio.ts"],
]);
