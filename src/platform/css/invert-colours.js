/**
 * Inverts the colours of a document, as a mail client does that ignores the email's own dark colours. Each colour keeps its
 * hue, and its lightness (CIELAB) is mirrored between white and #333. The formula is Microsoft's (roosterjs, getDarkColor).
 * Its background is the lightest of all clients, so a text that is readable here is readable elsewhere. Pictures are not
 * changed. It represents Outlook.com, Outlook for Windows and Gmail's apps, which differ slightly from each other.
 *
 * The function uses nothing from outside itself: the preview calls it for a frame, and Playwright sends its source to the
 * page that is checked.
 * @param {Document} doc
 */
export function invertColours(doc) {
  /** The lightness of #333. */
  const BASE = 21.247;
  const PROPERTIES = [
    "color",
    "background-color",
    "border-top-color",
    "border-right-color",
    "border-bottom-color",
    "border-left-color",
    "text-decoration-color",
  ];

  /** @param {number} value */
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  /** @param {number} value */
  const gamma = (value) =>
    value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
  /** @param {number} t */
  const toward = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  /** @param {number} t */
  const back = (t) => (t ** 3 > 0.008856 ? t ** 3 : (t - 16 / 116) / 7.787);

  /** @param {string} colour A computed colour: `rgb(1, 2, 3)`. */
  const inverted = (colour) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    if (!colour.startsWith("rgb") || alpha === 0) return undefined;
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => linear(value / 255));
    const x = toward((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    const y = toward(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const z = toward((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    const lightness = 116 * y - 16;
    const mirrored = (100 - lightness) * (1 - BASE / 100) + BASE;
    const newY = (mirrored + 16) / 116;
    const [X, Y, Z] = [back(x - y + newY) * 0.9505, back(newY), back(z - y + newY) * 1.089];
    const channels = [
      3.2406 * X - 1.5372 * Y - 0.4986 * Z,
      -0.9689 * X + 1.8758 * Y + 0.0415 * Z,
      0.0557 * X - 0.204 * Y + 1.057 * Z,
    ].map((value) => Math.round(Math.min(1, Math.max(0, gamma(Math.max(0, value)))) * 255));
    return `rgba(${channels.join(",")},${alpha})`;
  };

  const window = doc.defaultView;
  if (!window) return;
  // By default, the background of a page is white and its text is black.
  const root = doc.documentElement;
  const ground = window.getComputedStyle(doc.body).backgroundColor;
  if (window.getComputedStyle(root).backgroundColor === "rgba(0, 0, 0, 0)") {
    const paper = ground === "rgba(0, 0, 0, 0)" ? "#fff" : ground;
    root.style.setProperty("background-color", paper, "important");
  }
  // All colours are read before one is changed, because inherited colours must not be inverted twice.
  const turned = [...doc.querySelectorAll("html, body, body *")].flatMap((element) => {
    const style = window.getComputedStyle(element);
    return PROPERTIES.map((name) => ({
      element,
      name,
      to: inverted(style.getPropertyValue(name)),
    }));
  });
  for (const { element, name, to } of turned) {
    // The email is in a frame, so its elements are instances of the classes of its own window.
    const hasStyle = element instanceof window.HTMLElement || element instanceof window.SVGElement;
    if (to !== undefined && hasStyle) element.style.setProperty(name, to, "important");
  }
}
