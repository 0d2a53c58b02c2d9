import { mjmlRequire } from "./mjml-require.ts";

type Juice = (html: string, options: object) => string;

/** juice writes `<mj-style inline="inline">` into the tags. It is loaded for the first template that contains one. */
const juice: Juice = (html, options) => {
  const inline: Juice = mjmlRequire("juice");
  return inline(html, options);
};

export { juice as "module.exports" };
