import { expect, it } from "vitest";
import { captionOf } from "../../src/article/caption.ts";

it.each([
  ["Ferries at dusk. Image | Harbour Gazette", "Ferries at dusk.", "Harbour Gazette"],
  [
    "Ferries at dusk. Photo: Ida Holm/Sound Pictures",
    "Ferries at dusk.",
    "Ida Holm/Sound Pictures",
  ],
  ["Ferries at dusk (AP Photo/Ida Holm)", "Ferries at dusk", "AP Photo/Ida Holm"],
  [
    "Ferries at dusk. (Photo by Ida Holm/Getty Images)",
    "Ferries at dusk.",
    "Ida Holm/Getty Images",
  ],
  ["Ferries at dusk. Ida Holm/Getty Images", "Ferries at dusk.", "Ida Holm/Getty Images"],
  ["Ferries at dusk. Photograph by Ida Holm", "Ferries at dusk.", "Ida Holm"],
  ["Ferries at dusk © Ida Holm", "Ferries at dusk", "Ida Holm"],
  ["Fähren am Abend. Foto: Ida Holm", "Fähren am Abend.", "Ida Holm"],
  ["Des bacs au soir. Crédit photo : Ida Holm", "Des bacs au soir.", "Ida Holm"],
  ["Des bacs au soir. Photo : Ida Holm", "Des bacs au soir.", "Ida Holm"],
  ["Des bacs au soir. (Photo : Ida Holm)", "Des bacs au soir.", "Ida Holm"],
  ["Des bacs au soir. Photo : archives municipales", "Des bacs au soir.", "archives municipales"],
  [
    "Transbordadores al anochecer. Fotografía: Ida Holm",
    "Transbordadores al anochecer.",
    "Ida Holm",
  ],
  ["夕方の渡し船。写真＝田中花", "夕方の渡し船。", "田中花"],
  ["黄昏的渡轮。图片来源：海湾日报", "黄昏的渡轮。", "海湾日报"],
  ["저녁의 나룻배. 사진=한지우", "저녁의 나룻배.", "한지우"],
  ["Photo: Ida Holm", "", "Ida Holm"],
  ["Photo: E. Roth", "", "E. Roth"],
  ["Photo by E. Roth.", "", "E. Roth"],
  ["Image | J. K. Marsh", "", "J. K. Marsh"],
  ["Ferries at dusk © E. Roth", "Ferries at dusk", "E. Roth"],
  ["(Photo: E. Roth)", "", "E. Roth"],
  ["Foto: K. E. Lund/dpa", "", "K. E. Lund/dpa"],
  ["Ferries at dusk. K. E. Lund/AFP", "Ferries at dusk.", "K. E. Lund/AFP"],
  ["Ida Holm | Sound Pictures | Getty Images", "", "Ida Holm | Sound Pictures | Getty Images"],
  [
    "Photo: The ferries lie at the quay until the ice is gone.",
    "The ferries lie at the quay until the ice is gone.",
    undefined,
  ],
])("%j", (line, text, credit) => {
  expect(captionOf(line)).toEqual(credit === undefined ? { text } : { text, credit });
});

it.each([
  "She painted one image: a ferry in the ice.",
  "The image by which the town is known is a ferry.",
  "© 2019 The Sound Courier. All rights reserved.",
  "Credit is hard to come by in Overby, the bank says.",
  "The photo shows nothing, said Ida Holm (42).",
  "The ferry is back (Reuters).",
  "He read on/off lists of ferries.",
  "Photo: Wait. It is late.",
  `${"The ferries lie at the quay. ".repeat(30)}Photo: Ida Holm`,
])("is no caption: %j", (line) => {
  expect(captionOf(line)).toBeUndefined();
});
