import type { Schedule } from "../../config/config.ts";

/** A unit file: its name and content. */
export interface Unit {
  readonly name: string;
  readonly text: string;
}

/**
 * A service that does due work, and the timer that starts it. `Persistent` repeats a start that was missed while the machine
 * was off. The ledger decides what is due (systemd.timer(5), systemd.exec(5)).
 */
export function systemdUnits(installed: Installed): readonly Unit[] {
  const { command, folder, newsletter, user, writable } = installed;
  const unit = `broadsheet-${newsletter}`;
  const service = `[Unit]
Description=Send what is due of ${escaped(newsletter)}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${user}
WorkingDirectory=${path(folder)}
ExecStart=${command.map(word).join(" ")} run
# 75: readers remain, or another run is sending. The next start continues.
SuccessExitStatus=75
TimeoutStopSec=90
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${writable.map(word).join(" ")}
CacheDirectory=broadsheet
Environment=XDG_CACHE_HOME=%C
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictSUIDSGID=yes
LockPersonality=yes
`;
  const timer = `[Unit]
Description=Ask every five minutes what is due of ${escaped(newsletter)}

[Timer]
OnCalendar=*:0/5
Persistent=true
RandomizedDelaySec=20

[Install]
WantedBy=timers.target
`;
  return [
    { name: `${unit}.service`, text: service },
    { name: `${unit}.timer`, text: timer },
  ];
}

/** `%` begins a specifier (systemd.unit(5)). */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}

/** Escapes a path that is the whole value of a setting. It needs no quotes, even with spaces. */
function path(file: string): string {
  return escaped(file).replaceAll("\\", "\\\\");
}

/** Quotes a word of a command line (systemd.service(5), Command Lines). */
function word(text: string): string {
  const safe = escaped(text).replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(safe) ? safe : `"${safe.replace(/["\\]/g, "\\$&")}"`;
}

/** The interval in minutes between two looks of the crontab. More looks do no harm, because the ledger decides what is due. */
const EVERY_MINUTES = 5;
const LOCK = ".broadsheet/cron.lock";

/**
 * The lines for a crontab. cron has no daylight saving time and does not repeat missed starts, so it starts often, and
 * flock(1) prevents overlapping starts. There is no output on success, so cron sends mail only on failure.
 */
export function crontab({ command, folder, newsletter }: Installed, schedule: Schedule): string {
  const asked = `flock -n ${LOCK} ${command.map(quoted).join(" ")} run`;
  const line = `*/${EVERY_MINUTES} * * * * cd ${quoted(folder)} && mkdir -p .broadsheet && ${asked}`;
  return [
    `# ${newsletter}: "${schedule.cron}" in ${schedule.zone}. Install with: crontab -e`,
    "# SMTP_URL and BROADSHEET_SECRET are read from .env beside the config.",
    // A % ends the command in a crontab (crontab(5)).
    line.replaceAll("%", "\\%"),
  ].join("\n");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The installed program. All paths are absolute, because cron and systemd do not use a shell's settings. */
export interface Installed {
  /** Node and the program. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly newsletter: string;
  /** The account that runs it. */
  readonly user: string;
  /** The folders that it writes to. */
  readonly writable: readonly string[];
}
