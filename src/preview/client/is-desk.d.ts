/**
 * True in the script of the desk, where issues can be edited. The bundler replaces the name by the value. For a page in a
 * file, it then removes all code that depends on a true value.
 */
declare const IS_DESK: boolean;
