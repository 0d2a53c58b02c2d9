import { themeFor } from "../email/theme.ts";
import { escapeHtml, escapeMailHtml } from "../platform/references.ts";
import { directionOf } from "../platform/text.ts";
import { type Look, pageParts } from "./pages.ts";
import type { OutgoingMail } from "./ports.ts";

export type MailWords = Pick<OutgoingMail, "subject" | "text" | "html">;

/** A mail with one button. It contains no text of a visitor, so that it can't carry a stranger's message. */
interface Letter {
  readonly subject: string;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly link: string;
  /** The advice for a person who has not asked for the mail. */
  readonly ignore: string;
}

/** The mail to a visitor who asks to subscribe. Its link leads to a page with a button that completes the subscription. */
export function confirmLetter(language: string, look: Look, token: string): MailWords {
  const { words, say } = pageParts(language, look);
  const { subject, title, text, button, ignore } = words.confirm;
  return composeLetter(language, look, {
    subject: say(subject),
    title,
    text: say(text),
    button: say(button),
    link: `${look.site}/c/${token}`,
    ignore,
  });
}

/** The mail to a visitor who is already a reader. */
export function readerLetter(language: string, look: Look, token: string): MailWords {
  const { words, labels, say } = pageParts(language, look);
  const { subject, title, text } = words.reader;
  return composeLetter(language, look, {
    subject: say(subject),
    title,
    text: say(text),
    button: labels.words.preferences,
    link: `${look.site}/p/${token}`,
    ignore: words.data.ignore,
  });
}

export function composeLetter(language: string, look: Look, letter: Letter): MailWords {
  const { subject, title, text, button, link, ignore } = letter;
  const { publication } = look;
  const foot = publication.postalAddress ?? "";
  const plain = [title, text, `${button}:\n${link}`, ignore, `${publication.name}\n${foot}`.trim()];
  return {
    subject,
    text: `${plain.join("\n\n")}\n`,
    html: htmlOf(language, look, letter),
  };
}

/** A table in a table for Outlook. Styles are in the elements for mail programs that drop style sheets. */
function htmlOf(language: string, look: Look, letter: Letter): string {
  const { fallback } = pageParts(language, look).words.confirm;
  const { publication } = look;
  const theme = themeFor(look.theme, language, publication);
  const colour = (name: string, ground: "light" | "dark" = "light") =>
    theme.colours[name]?.[ground] ?? "";
  const styled = (name: string, text: string, space: string, tag = "p"): string => {
    const { font = "serif", weight, italic, colour: ink = "ink", phone } = theme.text[name] ?? {};
    const [size = 16, line = 24] = phone ?? [];
    const face = `${italic ? "italic " : ""}${weight} ${size}px/${line}px ${theme.fonts[font]}`;
    const style = `margin:0;padding:${space};font:${face};color:${colour(ink)}`;
    return `<${tag} class="${ink}" style="${escapeHtml(style)}"><bdi>${text}</bdi></${tag}>`;
  };
  const { title, text, button, link, ignore } = letter;
  const href = escapeHtml(link);
  const [ink, page] = [colour("ink"), colour("page")];
  const dark = Object.keys(theme.colours)
    .map((name) => `.${name}{color:${colour(name, "dark")}!important}`)
    .join("");
  const buttonStyle = `display:inline-block;padding:14px 28px;font:600 16px/20px ${theme.fonts["sans"]};color:${page};text-decoration:none`;
  return `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMailHtml(letter.subject)}</title>
<style>@media (prefers-color-scheme:dark){.ground{background:${colour("page", "dark")}!important}${dark}.press{background:${colour("ink", "dark")}!important}.press a{color:${colour("page", "dark")}!important}}</style>
</head>
<body class="ground" style="margin:0;background:${page}">
<div role="main">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="ground" style="background:${page}"><tr><td align="center" style="padding:24px 20px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px"><tr><td>
${styled("nameplate-letter", escapeMailHtml(publication.name), "0 0 16px")}
<div class="ink" style="border-top:6px double;color:${ink};font-size:0;line-height:0">&#8203;</div>
${styled("section", escapeMailHtml(title), "28px 0 12px", "h1")}
${styled("body", escapeMailHtml(text), "0 0 24px")}
<table role="presentation" cellpadding="0" cellspacing="0"><tr><td class="press" style="background:${ink};border-radius:2px"><a href="${href}" style="${escapeHtml(buttonStyle)}">${escapeMailHtml(button)}</a></td></tr></table>
${styled("body", escapeMailHtml(ignore), "24px 0")}
${styled("label", escapeMailHtml(fallback), "0")}
${styled("meta", `<a href="${href}" style="color:inherit;word-break:break-all">${href}</a>`, "0 0 24px")}
${publication.postalAddress ? styled("meta", escapeMailHtml(publication.postalAddress), "0") : ""}
</td></tr></table>
</td></tr></table>
</div>
</body>
</html>
`;
}
