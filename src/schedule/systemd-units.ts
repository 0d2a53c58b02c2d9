import type { Installed } from "./installed.ts";

/** A unit file: its name, and what it holds. */
export interface Unit {
  readonly name: string;
  readonly text: string;
}

/**
 * A service that does what is due, and the timer that starts it. `Persistent` makes up for a timer that was
 * missed while the machine was off; what is due is the ledger's to say (systemd.timer(5), systemd.exec(5)).
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
# Some readers were put off, or another run is sending: the next start goes on.
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

/** A path that is the whole of a line is taken as it is, spaces and all. */
function path(file: string): string {
  return escaped(file).replaceAll("\\", "\\\\");
}

/** One word of a command line (systemd.service(5), Command Lines). */
function word(text: string): string {
  const safe = escaped(text).replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(safe) ? safe : `"${safe.replace(/["\\]/g, "\\$&")}"`;
}
