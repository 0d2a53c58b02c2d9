import { checkEmail } from "../../src/check/check-email.ts";
import type { Finding, Report } from "../../src/check/finding.ts";
import { parseHtml } from "../../src/check/html-document.ts";
import type { CheckInput } from "../../src/check/rule.ts";

export const SUBJECT = "The ferry that waits for the post";

/** A mail in which no rule finds a fault; each test breaks one thing in it. */
export const SOUND = `<!doctype html>
<html lang="en" dir="ltr"><head>
<meta charset="utf-8">
<title>${SUBJECT}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<meta name="x-apple-disable-message-reformatting">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>
:root { color-scheme: light dark }
@media (prefers-color-scheme: dark) { .ink { color: #EEEEEE !important } .page { background: #111111 !important } }
[data-ogsc] .ink { color: #EEEEEE !important } [data-ogsb] .page { background: #111111 !important }
</style>
</head>
<body class="page" style="margin:0;background:#FFFFFF">
<div role="article" aria-roledescription="email" aria-label="${SUBJECT}" lang="en" dir="ltr">
<div style="display:none">The evening ferry leaves when the post van has come, and it is late.${" &#8199;&#847;".repeat(60)}</div>
<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->
<table role="presentation" width="600" style="width:100%;max-width:600px"><tr><td style="font-family:Georgia,serif;font-size:17px;line-height:28px">
<h1 class="ink" style="color:#1A1A18">The Wetherside Letter</h1>
<h2 class="ink" style="color:#1A1A18">The ferry that waits for the post</h2>
<img src="https://letter.example/slip.png" alt="The Maid of Carrow at the slip" width="520" style="width:100%;max-width:520px;height:auto">
<p class="ink" style="color:#1A1A18">The evening ferry from Port Carrow leaves when the post van has come, and it has been late on 212 days in a row. Nobody on the island wants it otherwise, and the <a href="https://letter.example/inn" class="ink" style="color:#1A1A18;text-decoration:underline">inn has moved its supper</a> for it.</p>
<ul style="margin:0"><li class="ink" style="color:#1A1A18">The van climbs Beacon Hill</li><li class="ink" style="color:#1A1A18">The school bus stops eleven times</li></ul>
<p class="ink" style="color:#1A1A18"><a href="https://letter.example/u/1" class="ink" style="color:#1A1A18">Unsubscribe</a></p>
</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</div>
</body></html>`;

export function check(source: string, more: Partial<CheckInput> = {}): Report {
  return checkEmail({ target: "mail.html", html: parseHtml(source), subject: SUBJECT, ...more });
}

/** What a rule finds, without the notes that every mail has about clients. */
export function found(report: Report, rule: string): readonly Finding[] {
  return report.findings.filter((finding) => finding.rule === rule);
}

/** The sound mail with one thing changed, which must be in it. */
export function broken(from: string | RegExp, to: string): string {
  const changed = SOUND.replace(from, () => to);
  if (changed === SOUND) throw new Error(`not in the sound mail: ${from}`);
  return changed;
}
