import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../src/digest/digest-json.ts";
import type { Publication } from "../../src/digest/digest.ts";
import { ARABIC, digestOf, entry, LETTER, PUBLICATION } from "../fixtures.ts";
import { render } from "../render.ts";

const TEMPLATES = ["brief", "digest", "letter"] as const;
const LOGO = { src: "images/logo-1.png", alt: "The Mudlark", width: 240, height: 48 };

async function shown(over: Partial<Publication>, template = "brief") {
  const digest = digestOf([entry()], { publication: { ...PUBLICATION, ...over } });
  const { html, text } = await render(digest, template);
  return { html, text, document: new JSDOM(html).window.document };
}

describe("a logo", () => {
  test.each(TEMPLATES)("stands in the place of the name in the %s, which it says", async (name) => {
    const { document, text } = await shown({ logo: LOGO }, name);
    const [image, ...others] = document.images;
    expect(others).toEqual([]);
    expect(image?.alt).toBe("The Mudlark");
    expect(image?.parentElement?.textContent?.trim()).toBe("");
    // Where pictures are off the alt text wears the nameplate's own style.
    expect(image?.parentElement?.className).toMatch(/^t-nameplate/);
    expect(text).toMatch(/^The Mudlark\n/);
  });

  test("is smaller beside the date of a letter", async () => {
    const { document } = await shown({ logo: LOGO }, "letter");
    expect([document.images[0]?.width, document.images[0]?.height]).toEqual([140, 28]);
  });

  test("gives way to the one for a dark ground", async () => {
    const { html, document } = await shown({ logo: { ...LOGO, dark: "images/logo-2.png" } });
    const [light, dark] = document.images;
    expect([light?.className, dark?.className]).toEqual(["logo-light", "logo-dark"]);
    expect(dark?.style.display).toBe("none");
    expect(dark?.alt).toBe("The Mudlark");
    expect(html).toContain(".logo-light{display:none!important}");
    expect(html).toContain("[data-ogsb] .logo-dark{display:block!important");
  });

  test("with a clear ground stands on light paper in the dark", async () => {
    const { html, document } = await shown({ logo: { ...LOGO, plate: true } });
    expect(document.images[0]?.className).toBe("plate");
    expect(html).toContain(".plate{background:#FBFAF7!important");
  });

  test("leaves nothing in the style sheet of a newsletter without one", async () => {
    expect((await shown({})).html).not.toContain("logo");
  });
});

test("fonts of a newsletter's own stand in the place of the template's, in every script", async () => {
  const fonts = { serif: "'Iowan Old Style',Georgia,serif", sans: "Verdana,sans-serif" };
  const { html } = await shown({ fonts });
  expect(html).toContain(" 'Iowan Old Style',Georgia,serif");
  expect(html).not.toContain("Helvetica");
  const arabic = { ...ARABIC, publication: { name: "الضفة", fonts } };
  const own = await render(arabic, "brief");
  expect(own.html).not.toContain("Geeza");
});

test.each(TEMPLATES)("more lines and links stand at the foot of the %s", async (name) => {
  const footer = {
    lines: ["Set by hand & printed by nobody."],
    links: [{ text: "Earlier issues", url: "https://mudlark.example/issues?a=1&b=2" }],
  };
  const { document, text } = await shown({ footer }, name);
  const links = [...document.querySelectorAll("a")].slice(-3);
  expect(links.map(({ textContent }) => textContent)).toEqual([
    "Unsubscribe",
    "View in browser",
    "Earlier issues",
  ]);
  expect(links.at(-1)?.href).toBe("https://mudlark.example/issues?a=1&b=2");
  expect(document.body.textContent).toContain("Set by hand & printed by nobody.");
  expect(text).toContain("Set by hand & printed by nobody.");
  expect(text).toContain("Earlier issues:\nhttps://mudlark.example/issues?a=1&b=2");
});

function parse(publication: object) {
  return parseDigest(JSON.stringify({ ...LETTER, publication }, undefined, 1), "digest.json");
}

describe("a digest.json edited by hand", () => {
  test.each<[string, object, string]>([
    ["a logo outside the issue", { logo: { ...LOGO, src: "../logo.png" } }, "logo.src"],
    ["a logo without words", { logo: { src: LOGO.src, width: 9 } }, "logo.alt"],
    ["a link that is a script", { footer: { links: [{ text: "x", url: "javascript:1" }] } }, "url"],
  ])("%s is refused", (_what, wrong, told) => {
    expect(() => parse({ name: "The Mudlark", ...wrong })).toThrow(told);
  });
});
