import { mjmlRequire } from "./mjml-require.ts";

type Juice = (html: string, options: object) => string;

/** juice, which puts `<mj-style inline="inline">` into the tags, loaded with the first template that has one. */
const juice: Juice = (html, options) => {
  const inline: Juice = mjmlRequire("juice");
  return inline(html, options);
};

export { juice as "module.exports" };
