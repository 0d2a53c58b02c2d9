import type { Config } from "broadsheet";

/** The sample newsletter that `npm start` builds. `broadsheet init DIR` begins one of your own. */
export default {
  name: "The Tidewrack",
  tagline: "What the tide leaves, weekly",
  language: "en",
  timeZone: "UTC",

  from: "post@tidewrack.example",
  postalAddress: "The Tidewrack, 2 Sailcloth Row, Thornsea",
  reason: "You get this because you signed up for The Tidewrack.",

  urls: {
    web: "https://tidewrack.example/issues/{slot}",
    archive: "https://tidewrack.example/issues",
  },
} satisfies Config;
