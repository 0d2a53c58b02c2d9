const COLOURS = [
  "color",
  "background-color",
  "border-top-color",
  "border-right-color",
  "border-bottom-color",
  "border-left-color",
  "text-decoration-color",
];

/**
 * Turns every colour of a document over in its lightness, pictures apart, as mail apps do that make any mail
 * dark. Gmail and Outlook differ in how far they go; what reads well turned over wholly reads well in both.
 * @param {Document} doc
 */
export function invert(doc) {
  const window = doc.defaultView;
  if (!window) return;
  // All is read before anything is written, as an element's colour follows from that of its parent.
  const turned = [...doc.querySelectorAll("*")].flatMap((element) => {
    if (!(element instanceof window.HTMLElement)) return [];
    const style = window.getComputedStyle(element);
    return COLOURS.map((name) => ({ element, name, to: turnedOver(style.getPropertyValue(name)) }));
  });
  for (const { element, name, to } of turned) {
    if (to !== undefined) element.style.setProperty(name, to, "important");
  }
  const ground = window.getComputedStyle(doc.body).backgroundColor;
  const isClear = ground === "rgba(0, 0, 0, 0)";
  doc.documentElement.style.setProperty("background-color", isClear ? "#000" : ground, "important");
}

/** @param {string} colour As a browser computes it: `rgb(1, 2, 3)`. */
function turnedOver(colour) {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  if (!colour.startsWith("rgb") || alpha === 0) return undefined;
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  // HSL with lightness 1 − l is each channel moved by what black and white part the two by.
  const shift = 255 - most - least;
  return `rgba(${red + shift}, ${green + shift}, ${blue + shift}, ${alpha})`;
}
