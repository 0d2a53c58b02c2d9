/**
 * Whether the script is for the desk, where an issue can be changed. The bundler puts in the answer. The script of a page
 * that stands in a file has nothing in it that stands behind this.
 */
declare const IS_DESK: boolean;
