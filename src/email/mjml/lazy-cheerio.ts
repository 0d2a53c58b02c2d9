import { mjmlRequire } from "./mjml-require.ts";

interface Cheerio {
  readonly load: (html: string, options: object) => unknown;
}

/** cheerio, which sets `<mj-html-attributes>`, loaded with the first template that has some. */
const cheerio: Cheerio = {
  load(html, options) {
    const { load }: Cheerio = mjmlRequire("cheerio");
    return load(html, options);
  },
};

export { cheerio as "module.exports" };
