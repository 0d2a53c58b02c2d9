/**
 * Whether the script is for the desk, where issues can be edited. The bundler inserts the value, and removes all code
 * behind it from the script of a page in a file.
 */
declare const IS_DESK: boolean;
