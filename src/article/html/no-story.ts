import { BroadsheetError } from "../../errors.ts";

// The first characters of what servers and people call a page by mistake, however it was decoded.
const SHAPES: readonly (readonly [string, readonly string[]])[] = [
  ["a PDF", ["%PDF-"]],
  ["a PNG picture", ["\u0089PNG", "\u2030PNG", "\ufffdPNG"]],
  ["a JPEG picture", ["\u00ff\u00d8\u00ff", "\ufffd\ufffd\ufffd\ufffd\u0000\u0010JFIF"]],
  ["a GIF picture", ["GIF87a", "GIF89a"]],
  ["a WebP picture", ["RIFF"]],
  ["a ZIP archive", ["PK\u0003\u0004"]],
];

/**
 * @throws BroadsheetError CONTENT_BINARY where a file that is called a page is a PDF or a picture.
 */
export function refuseBinary(body: string, location: string): void {
  const shape = SHAPES.find(([, starts]) => starts.some((start) => body.startsWith(start)));
  if (!shape) return;
  throw new BroadsheetError(
    "CONTENT_BINARY",
    `${location} is called a web page, but is ${shape[0]}`,
    {
      where: { file: location },
      fix: "give the page that it was linked from, or its text",
    },
  );
}

// Longer pages that have one of these sentences also have a story.
const FEW_CHARACTERS = 2500;

const SCRIPT =
  /\b(?:enable|activate|turn on|allow) (?:your browser['’]s )?java ?script\b|\bjava ?script (?:is|to be|must be) (?:required|disabled|enabled|not enabled|turned off)\b|\b(?:site|page|app|application|website|content) requires java ?script\b|\bneed to enable java ?script\b|java ?script (?:aktivieren|einschalten|ist deaktiviert)|aktivieren sie (?:bitte )?java ?script|(?:activer|activez) (?:le )?java ?script|java ?script est désactivé|(?:habilite|habilitar|activar?|active) (?:el |o )?java ?script|(?:abilitare|attivare|abilita|attiva) java ?script|schakel java ?script in|включите java ?script|włącz(?:yć)? (?:obsługę )?java ?script|javascript\s?を有効|启用\s?javascript|啟用\s?javascript|자바스크립트를|تفعيل (?:ال)?جافا/iu;
const GATE =
  /\bchecking (?:if the site connection is secure|your browser)\b|\bverif(?:y|ying) (?:that )?you are (?:a )?human\b|\bare you a robot\b|\bcomplete the captcha\b|\bunusual traffic\b|\baccess (?:to this page has been )?denied\b|\brequest unsuccessful\b|^just a moment/iu;

/** What is said of a page whose text is no story. `feed`: that of its site, if it names one. */
export function noStoryOn(location: string, pageText: string, feed?: string): BroadsheetError {
  const isShort = pageText.length < FEW_CHARACTERS;
  if (isShort && SCRIPT.test(pageText)) {
    return refusal(location, "shows its story only to browsers that run JavaScript", SAVE);
  }
  if (isShort && GATE.test(pageText)) {
    return refusal(location, "is a page that asks who is reading, not the story", SAVE);
  }
  if (pageText.trim() === "") return refusal(location, "has no text in it", SAVE);
  return refusal(
    location,
    "is a page of links and menus, with no story in it",
    `give the address of one story${feed === undefined ? "" : `, or that of its feed: ${feed}`}`,
  );
}

/**
 * Whether what was found on a page is only a request to enable scripts or to prove who is reading,
 * or stands beside one.
 */
export function isGate(story: string, pageText: string): boolean {
  if (story.length < 600 && (SCRIPT.test(story) || GATE.test(story))) return true;
  return story.length < 300 && pageText.length < FEW_CHARACTERS && SCRIPT.test(pageText);
}

const SAVE = "open it in a browser and save the page from there, or copy its text into a .txt file";

function refusal(location: string, what: string, fix: string): BroadsheetError {
  return new BroadsheetError("CONTENT_NO_STORY", `${location} ${what}`, {
    where: { file: location },
    fix,
  });
}

// A novel on one page, or the longest articles of an encyclopedia, weigh 20,000. Readability and its
// DOM take up to 0.1 ms and 10 KB for each.
const MOST = 30_000;

/** @throws BroadsheetError CONTENT_TOO_LARGE where a page has more markup than any article. */
export function refuseHuge(weight: number, location: string): void {
  if (weight > MOST) throw tooMuchMarkup(location);
}

/** What is said of a page that cannot be read in bounded time or depth. */
export function tooMuchMarkup(location: string, cause?: unknown): BroadsheetError {
  return new BroadsheetError("CONTENT_TOO_LARGE", `${location} has more markup than any article`, {
    where: { file: location },
    fix: "copy the story out of it into a file of its own",
    cause,
  });
}
