/** css-tree's tokenizer alone: the whole of it loads the syntax of every property there is. */
declare module "css-tree/tokenizer" {
  export { tokenize, tokenNames } from "css-tree";
}
