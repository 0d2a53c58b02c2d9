import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sparticuz from "@sparticuz/chromium";
import type { Browser } from "playwright-core";
import { launchBrowser, SYSTEM_CHROMIUM } from "../src/platform/launch-browser.ts";

const FONTS = fileURLToPath(new URL("../node_modules/@expo-google-fonts", import.meta.url));

const STANDINS = [
  ["Georgia", "Gelasio"],
  ["Segoe UI", "Inter"],
  ["Roboto", "Inter"],
  ["Helvetica", "Noto Sans Hebrew"],
  ["Verdana", "Inter"],
  ["sans-serif", "Inter"],
  ["Geeza Pro", "Noto Naskh Arabic"],
  ["Hiragino Mincho ProN", "Noto Serif JP"],
  ["Hiragino Sans", "Zen Kaku Gothic New"],
  // What these have of other scripts; their Latin is never asked for, as another stands before them.
  ["Arial", "Noto Sans Arabic"],
  ["Times New Roman", "Noto Serif Hebrew"],
] as const;

/** The options of a page on a phone. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/**
 * A real Chromium, with fonts from npm so that pictures are the same on every machine: Gelasio
 * (Georgia's measures) for the serif, Inter for the system sans, Noto for what neither has. It serves all files of a
 * worker and ends with it: whoever opens a page in it closes the page.
 */
export async function openBrowser(): Promise<Browser> {
  return (own ??= launchBrowser({ ...process.env, FONTCONFIG_FILE: writeFontConfig() }));
}

/** The Chromium that comes from npm, also where the machine has its own: pictures are compared by pixels. */
export async function openPackagedBrowser(): Promise<Browser> {
  if (!process.env["CHROMIUM_PATH"] && !existsSync(SYSTEM_CHROMIUM)) return openBrowser();
  const CHROMIUM_PATH = await sparticuz.executablePath();
  const env = { ...process.env, CHROMIUM_PATH, FONTCONFIG_FILE: writeFontConfig() };
  return (packaged ??= launchBrowser(env));
}

let own: Promise<Browser> | undefined;
let packaged: Promise<Browser> | undefined;

function writeFontConfig(): string {
  const folder = join(tmpdir(), "broadsheet-fonts");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "fonts.conf");
  // Browsers of other workers read it meanwhile.
  const draft = `${file}.${process.pid}`;
  writeFileSync(
    draft,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${FONTS}</dir><cachedir>${folder}</cachedir>${STANDINS.map(standIn).join("")}</fontconfig>`,
  );
  renameSync(draft, file);
  return file;
}

function standIn([family, stand]: readonly [string, string]): string {
  const edit = `<edit name="family" mode="assign" binding="strong"><string>${stand}</string></edit>`;
  return `<match target="pattern"><test name="family"><string>${family}</string></test>${edit}</match>`;
}
