/** Handlebars as its package bundles it: one file in place of 43. */
declare module "handlebars/dist/handlebars.js" {
  import Handlebars from "handlebars";
  export default Handlebars;
}
