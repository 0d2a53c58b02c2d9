/*
 * The modes of what a newsletter keeps: who reads it, and what it is going to say, is no business of other accounts on
 * the machine. The umask takes more away, never less.
 */

export const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;

/** Of what users have written where they say, for whoever they like: the umask decides. */
export const USERS_OWN_FOLDER = 0o777;
