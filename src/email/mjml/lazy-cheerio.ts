import { mjmlRequire } from "./mjml-require.ts";

interface Cheerio {
  readonly load: (html: string, options: object) => unknown;
}

/** cheerio sets `<mj-html-attributes>`. It is loaded for the first template that contains some. */
const cheerio: Cheerio = {
  load(html, options) {
    const { load }: Cheerio = mjmlRequire("cheerio");
    return load(html, options);
  },
};

export { cheerio as "module.exports" };
