/** How the program is run from outside: absolute paths only, as neither cron nor systemd know a shell's. */
export interface Installed {
  /** Node and the program. */
  readonly command: readonly string[];
  /** The folder of the newsletter. */
  readonly folder: string;
  readonly newsletter: string;
  /** Who it runs as. */
  readonly user: string;
  /** The folders that it writes to. */
  readonly writable: readonly string[];
}
