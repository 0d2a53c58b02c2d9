import type { Schedule } from "../config/config.ts";
import type { Installed } from "./installed.ts";

/** So often the crontab looks: the ledger decides whether something is due, so more often does no harm. */
const EVERY_MINUTES = 5;
const LOCK = ".broadsheet/cron.lock";

/**
 * Lines for a crontab. cron knows neither summer time nor what was missed, so it only asks often, and flock(1)
 * keeps one question from overtaking another. Silent on success, so that cron mails on failure only.
 */
export function crontab({ command, folder, newsletter }: Installed, schedule: Schedule): string {
  const asked = `flock -n ${LOCK} ${command.map(quoted).join(" ")} run`;
  const line = `*/${EVERY_MINUTES} * * * * cd ${quoted(folder)} && mkdir -p .broadsheet && ${asked}`;
  return [
    `# ${newsletter}: "${schedule.cron}" in ${schedule.zone}. Install with: crontab -e`,
    "# SMTP_URL and BROADSHEET_SECRET are read from .env beside the config.",
    // In a crontab, % ends the command (crontab(5)).
    line.replaceAll("%", "\\%"),
  ].join("\n");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
