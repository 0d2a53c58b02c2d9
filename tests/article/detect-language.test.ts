import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../src/article/detect-language.ts";

describe("the language of a paragraph", () => {
  it.each([
    ["en", "The river rose again in the night, and the town filled sandbags until the morning."],
    [
      "de",
      "Der Fluss ist in der Nacht wieder gestiegen, und die Stadt hat bis zum Morgen Sandsäcke gefüllt.",
    ],
    [
      "fr",
      "La rivière est encore montée dans la nuit et la ville a rempli des sacs de sable jusqu’au matin.",
    ],
    [
      "es",
      "El río volvió a crecer durante la noche y la ciudad pasó la madrugada llenando sacos de arena.",
    ],
    [
      "it",
      "Il fiume è cresciuto ancora durante la notte e la città ha riempito sacchi di sabbia fino al mattino.",
    ],
    [
      "pt",
      "O rio voltou a subir durante a noite e a cidade passou a madrugada a encher sacos de areia.",
    ],
    [
      "nl",
      "De rivier is vannacht opnieuw gestegen en de stad heeft tot de ochtend zandzakken gevuld.",
    ],
    [
      "da",
      "Floden steg igen i løbet af natten, og byen fyldte sandsække indtil morgenen uden pause.",
    ],
    ["fi", "Joki nousi yön aikana uudelleen, ja kaupunki täytti hiekkasäkkejä aamuun asti."],
    ["pl", "Rzeka znów wezbrała w nocy, a miasto do rana napełniało worki z piaskiem."],
    ["cs", "Řeka v noci znovu stoupla a město až do rána plnilo pytle s pískem."],
    ["hu", "A folyó éjjel ismét megáradt, és a város reggelig homokzsákokat töltött."],
    [
      "ro",
      "Râul a crescut din nou în timpul nopții, iar orașul a umplut saci cu nisip până dimineața.",
    ],
    ["tr", "Nehir gece boyunca yeniden yükseldi ve şehir sabaha kadar kum torbası doldurdu."],
    ["vi", "Nước sông lại dâng lên trong đêm và cả thành phố đóng bao cát cho đến sáng."],
    ["ru", "Ночью река снова поднялась, и город до утра наполнял мешки с песком."],
    ["uk", "Уночі річка знову піднялася, і місто до ранку наповнювало мішки піском."],
    ["bg", "През нощта реката отново се покачи и градът до сутринта пълнеше чували с пясък."],
    ["sr", "Река је током ноћи поново порасла, а град је до јутра пунио џакове песком."],
    [
      "ar",
      "ارتفع منسوب النهر مرة أخرى خلال الليل وأمضى سكان المدينة الساعات في تعبئة أكياس الرمل.",
    ],
    ["fa", "رودخانه شب گذشته دوباره بالا آمد و مردم شهر تا صبح کیسه‌های شن پر کردند."],
    ["hi", "रात में नदी फिर बढ़ गई और शहर के लोग सुबह तक रेत की बोरियाँ भरते रहे।"],
    ["ja", "川は夜のあいだに再び増水し、町の人々は朝まで土のうを積んだ。"],
    ["zh", "河水夜里再次上涨，全城居民一直装沙袋到天亮。"],
    ["ko", "강물이 밤사이 다시 불어나 시민들은 아침까지 모래주머니를 채웠다."],
    ["el", "Το ποτάμι ανέβηκε ξανά τη νύχτα και η πόλη γέμιζε σακιά με άμμο ως το πρωί."],
    ["he", "הנהר עלה שוב בלילה, והעיר מילאה שקי חול עד הבוקר."],
    ["th", "แม่น้ำเพิ่มขึ้นอีกครั้งในตอนกลางคืน และชาวเมืองบรรจุถุงทรายจนถึงเช้า"],
  ])("%s", (language, text) => {
    expect(detectLanguage(text, "sv")).toBe(language);
  });
});

describe("a sentence or two", () => {
  it.each([
    ["en", "The bakery on Samphire Quay lights its ovens when the tide turns."],
    ["en", "Trams ran all night. A crane lifted an engine, then a boiler, then a second engine."],
    ["de", "Die Bäckerei am Kai heizt ihre Öfen an, sobald die Flut nach Mitternacht kommt."],
    ["fr", "Le bateau rentre au port ce soir avec ses filets pleins de harengs."],
    ["es", "El barco vuelve al puerto esta noche con las redes llenas de arenques."],
  ])("is read as %s: %s", (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it("without small words or accents is told by its letter groups", () => {
    const text = "Bakers knead dough nightly; trams rattle past lit windows.";
    expect(detectLanguage(text, "nl-BE")).toBe("en");
    expect(detectLanguage("Stadtwerke senken Fernwärmepreise", "en")).toBe("de");
  });

  it("that fits the newsletter's language nearly as well as another one is in that", () => {
    const text = "Færgen til øen sejler igen efter stormen";
    expect(detectLanguage(text, "da-DK")).toBe("da-DK");
    expect(detectLanguage(text, "en")).toBe("da");
  });

  it("is not taken from a language that the tables don't have", () => {
    expect(detectLanguage("Die trein na die Kaap is vertraag deur swaar reën", "af")).toBe("af");
  });
});

it("a text too short to tell is in the newsletter's language, if it is written that way", () => {
  expect(detectLanguage("Kim Jong-un in Pyongyang", "de-AT")).toBe("de-AT");
  expect(detectLanguage("Москва", "de")).toBe("ru");
  expect(detectLanguage("Москва", "bg")).toBe("bg");
});

it("without any letters it is the newsletter's language, and never undetermined", () => {
  expect(detectLanguage("12:30 – 14:00", "fr")).toBe("fr");
  expect(detectLanguage("")).toBe("en");
  expect(detectLanguage("Qwrtz plkjh gfdsa mnbvc xyzzy qqqqq wwwww rrrrr zzzzz ppppp")).toMatch(
    /^[a-z]{2}$/,
  );
});

it("Japanese with few kana is not Chinese, and Chinese with product names is not English", () => {
  expect(detectLanguage("東京都知事選挙、投票率六〇％。結果は明朝発表へ。都庁前に報道陣多数")).toBe(
    "ja",
  );
  expect(
    detectLanguage("我们在 TypeScript 和 JavaScript 之间选择了 TypeScript，因为它更可靠。"),
  ).toBe("zh");
});
