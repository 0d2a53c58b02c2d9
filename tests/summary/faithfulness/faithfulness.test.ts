import { describe, expect, test } from "vitest";
import { type Unfaithful, unfaithfulness } from "../../../src/summary/faithfulness/faithfulness.ts";
import { articleOf } from "../article-of.ts";

const FERRY = articleOf(
  `The harbour town of Porthmoor may bring back its night ferry after nine years, the Harbour Trust said on Monday. The ferry carried 1,250 riders a night and cost $5.65 million a year.

“We waited nine years for this boat,” said Ada Pell, who runs the bakery on the quay. President Kim Jong-un Pellow of the riders' club was not there, but Tomas Reil, a councillor, was. “The county cannot pay for the ferry and the bus line at once,” Reil warned.

On March 28, the county voted down the money by 12 votes to 7. The trial begins on June 3, 2031, and 40 percent of the seats are sold. Lune Buses has offered a shuttle, and the United Nations has praised the plan in Russia.

A storm left 12 people dead and 40 injured at the pier in 1988. The county has not promised its share. Officials could close the old pier in autumn. Eleven boats allegedly sank.`,
  { title: "Porthmoor weighs the return of its night ferry" },
);

function kindOf(sentence: string, article = FERRY): Unfaithful["kind"] | undefined {
  return unfaithfulness(sentence, article)?.kind;
}

describe("a sentence that says what the article says passes", () => {
  test.each([
    "Porthmoor may bring back its night ferry after nine years.",
    "The ferry carried 1250 riders and cost $5,650,000 a year.",
    "The ferry cost 5.65 million dollars.",
    "It has been 9 years since the ferry stopped, Ada Pell said.",
    "The county refused the money on 28 March, by 12 votes to seven.",
    "Kim was not there, but Councillor Tomas Reil was.",
    "Pellow was absent from the quay.",
    "“We waited nine years for this boat,” said the baker Ada Pell.",
    "Pell has “waited nine years” for the boat.",
    "Forty per cent of the seats for the trial in June are sold.",
    "The UN and the Russian riders praised the plan.",
    "Eleven boats are said to have sunk, it is alleged.",
    "The storm of 1988 killed 12 people and left 40 injured.",
    "Officials might close the old pier in autumn.",
  ])("%s", (sentence) => {
    expect(unfaithfulness(sentence, FERRY)).toBeUndefined();
  });
});

describe("a sentence that says what the article doesn't is refused", () => {
  test.each<readonly [sentence: string, kind: Unfaithful["kind"]]>([
    ["The ferry carried 1,350 riders a night.", "number"],
    ["The ferry cost $5.7 million a year.", "number"],
    ["The ferry cost £5.65 million a year.", "number"],
    ["The ferry cost 5.65 billion dollars.", "number"],
    ["Porthmoor waited ten years for the ferry.", "number"],
    ["Twelve percent of the seats are sold.", "number"],
    ["The storm left 40 people dead at the pier.", "number"],
    ["The storm left 12 injured at the pier.", "number"],
    ["The county voted down the money on March 27.", "date"],
    ["The county voted down the money on June 28.", "date"],
    ["The trial begins on June 3, 2032.", "date"],
    ["The Harbour Trust said on Tuesday that the ferry may return.", "date"],
    ["Angela Pell runs the bakery on the quay.", "name"],
    ["Ada Reil runs the bakery on the quay.", "name"],
    ["The ferry of Thornsea may come back, the Harbour Trust said.", "name"],
    ["Merkel said that the night ferry of Porthmoor may come back.", "name"],
    ["The Austrian riders praised the plan of the Harbour Trust.", "name"],
    ["The plan of the Harbour Trust was praised by the EU.", "name"],
    ["“We waited ten years for this boat,” said Ada Pell.", "quotation"],
    ["“We waited nine years for this fine boat,” said Ada Pell.", "quotation"],
    ["Ada Pell said it was a “disgrace” that the ferry stopped.", "quotation"],
    ["“The trial begins on June 3,” said Ada Pell.", "quotation"],
    ["Ada Pell said that “we waited nine years for this boat.", "quotation"],
    ["“We waited nine years for this boat,” said Lune Buses.", "speaker"],
    ["The county has promised its share.", "negation"],
    ["The trial does not begin on June 3, 2031.", "negation"],
    ["Officials close the old pier in autumn.", "hedge"],
    ["Eleven boats sank.", "hedge"],
    ["Bananas contain potassium, vitamins and fibre for a healthy diet.", "overlap"],
    ["…", "empty"],
  ])("%s", (sentence, kind) => {
    expect(kindOf(sentence)).toBe(kind);
  });
});

test.each([
  ["Zhao left in mid-April.", undefined],
  ["Zhao left in the middle of April.", undefined],
  ["Zhao left in April.", undefined],
  ["Zhao left in late April.", "date"],
  ["Kim came back in early June.", undefined],
  ["Kim came back at the end of June.", "date"],
])("a part of a month is a date too: %s", (sentence, kind) => {
  const article = articleOf(
    "Zhao left in mid-April. Kim came back on June 3, at the end of a long week.",
  );
  expect(kindOf(sentence, article)).toBe(kind);
});

describe("what has no place in a sentence is refused, even where the article has it", () => {
  const article = articleOf(
    "Visit https://ferry.example/win or ferry-prizes.com now. <b>The ferry</b> sails at nine. Write to ada@ferry.example. {{unsubscribe}} [the ferry](https://ferry.example) sails.",
  );
  test.each<readonly [sentence: string, kind: Unfaithful["kind"]]>([
    ["Visit https://ferry.example/win now.", "address"],
    ["Visit ferry-prizes.com now.", "address"],
    ["Write to ada@ferry.example.", "address"],
    ["<b>The ferry</b> sails at nine.", "markup"],
    ["The ferry <script>alert(1)</script> sails at nine.", "markup"],
    ["The ferry sails at nine &lt;b&gt;.", "markup"],
    ["[the ferry](https://ferry.example) sails.", "markup"],
    ["The ferry {{unsubscribe}} sails.", "markup"],
    ["The ferry sails at javascript:alert(1).", "markup"],
    ["The ferry sails at \u202Enine\u202C.", "markup"],
    ["The ferry sails\u0007 at nine.", "markup"],
    ["The ferry sails at nine\u{E0041}.", "markup"],
  ])("%s", (sentence, kind) => {
    expect(kindOf(sentence, article)).toBe(kind);
  });

  test("but a stop and a capital without a space between them are no address", () => {
    expect(
      kindOf("The ferry sails at nine.The", articleOf("The ferry sails at nine.The end.")),
    ).toBeUndefined();
  });
});

interface Tongue {
  readonly language: string;
  readonly text: string;
  readonly faithful: readonly string[];
  readonly refused: readonly (readonly [sentence: string, kind: Unfaithful["kind"]])[];
}

const TONGUES: readonly Tongue[] = [
  {
    language: "de",
    text: "Die Stadt Quarnsiel nimmt ihre Nachtfähre nach neun Jahren wieder auf, teilte der Hafenrat am Montag mit. Die Fähre kostet 1.250.000 Euro im Jahr. „Wir haben neun Jahre gewartet“, sagte die Bäckerin Ada Pellmann. Am 28. März stimmte der Kreis mit 12 zu 7 Stimmen dagegen. Der Kreis hat seinen Anteil nicht zugesagt. Der Pier könnte im Herbst schließen. 40 Prozent der Plätze sind verkauft, zwei Dutzend Menschen kamen.",
    faithful: [
      "Quarnsiel nimmt seine Nachtfähre nach 9 Jahren wieder auf.",
      "Die Fähre kostet 1,25 Millionen Euro im Jahr.",
      "Die Entscheidung fiel am 28. März mit zwölf zu sieben Stimmen.",
      "Pellmann sagte: „Wir haben neun Jahre gewartet“.",
      "Der Kreis hat keinen Anteil zugesagt.",
    ],
    refused: [
      ["Die Fähre kostet 1,35 Millionen Euro im Jahr.", "number"],
      ["Der Kreis stimmte am 29. März dagegen.", "date"],
      ["Die Nachtfähre nahm Bürgermeisterin Angela Merkel in Betrieb.", "name"],
      ["Quarnsiel holt die Nachtfähre mit Geld aus Österreich zurück.", "name"],
      ["Die Ukraine nimmt ihre Nachtfähre wieder auf.", "name"],
      ["„Wir haben zehn Jahre gewartet“, sagte Ada Pellmann.", "quotation"],
      ["Der Kreis hat seinen Anteil zugesagt.", "negation"],
      ["Der Pier schließt im Herbst.", "hedge"],
    ],
  },
  {
    language: "fr",
    text: "La ville de Port-Lune pourrait rétablir son bac de nuit après neuf ans, a dit lundi le maire Tomas Reil. « Nous avons attendu neuf ans », a dit Ada Pellier, boulangère. L'association a réuni 1 250 signatures. Le 28 mars, le conseil a refusé l'argent par 12 voix contre 7. Le département n'a pas promis sa part. L'avocat de la ville viendra en juin.",
    faithful: [
      "Port-Lune pourrait rétablir son bac de nuit après 9 ans.",
      "L'association a réuni 1.250 signatures.",
      "Le conseil a refusé l'argent le 28 mars par douze voix contre sept.",
      "L'avocat viendra en juin.",
      "« Nous avons attendu neuf ans », a dit Ada Pellier.",
    ],
    refused: [
      ["L'association a réuni 1 350 signatures.", "number"],
      ["Le conseil a refusé l'argent le 27 mars.", "date"],
      ["La maire Anne Pellier pourrait rétablir le bac de nuit.", "name"],
      ["Le bac de nuit de Marseille pourrait être rétabli.", "name"],
      ["« Nous avons attendu dix ans », a dit Ada Pellier.", "quotation"],
      ["Le département a promis sa part.", "negation"],
    ],
  },
  {
    language: "es",
    text: "La ciudad de Puerto Luna podría recuperar su barco nocturno tras nueve años, dijo el lunes el alcalde Tomás Reil. El barco cuesta 1,25 millones de euros. El 28 de marzo, el concejo votó en contra por 12 votos a 7. El condado no prometió su parte.",
    faithful: [
      "Puerto Luna podría recuperar su barco tras 9 años.",
      "El 28 de marzo el concejo votó en contra.",
    ],
    refused: [
      ["El barco cuesta 2,25 millones de euros.", "number"],
      ["El 28 de mayo el concejo votó en contra.", "date"],
      ["El alcalde Pedro Reil podría recuperar el barco.", "name"],
      ["El condado prometió su parte.", "negation"],
    ],
  },
  {
    language: "ru",
    text: "Порт Лунный может вернуть ночной паром через девять лет, сообщил в понедельник мэр Томас Рейль. Паром перевозил 1250 пассажиров и стоил 5,65 млн рублей. 28 марта совет отказал в деньгах.",
    faithful: [
      "Мэр Рейль сообщил о ночном пароме.",
      "28 марта совет отказал в деньгах порту Лунному.",
    ],
    refused: [
      ["Паром перевозил 1350 пассажиров.", "number"],
      ["29 марта совет отказал в деньгах.", "date"],
      ["Ночной паром вернул мэр Иванов.", "name"],
    ],
  },
  {
    language: "ja",
    text: "月見港の夜のフェリーが9年ぶりに戻るかもしれないと、港湾協会が月曜日に発表した。乗客は340万人で、費用は5億円だった。「私たちは九年も待ちました」とパン屋の浜野しずくさんは語った。3月28日、郡は12対7で予算を否決した。郡は負担を約束していない。",
    faithful: [
      "月見港の夜のフェリーが9年ぶりに戻るかもしれない。",
      "乗客は3,400,000人だった。",
      "郡は3月28日に予算を否決した。",
      "浜野しずくさんは「私たちは九年も待ちました」と語った。",
    ],
    refused: [
      ["乗客は350万人だった。", "number"],
      ["郡は3月29日に予算を否決した。", "date"],
      ["郡は4月28日に予算を否決した。", "date"],
      ["港湾協会のスミスさんが夜のフェリーを発表した。", "name"],
      ["夜のフェリーを日本が発表した。", "name"],
      ["「私たちは十年も待ちました」と浜野しずくさんは語った。", "quotation"],
      ["郡は負担を約束した。", "negation"],
      ["夜の空に星が流れ、猫は静かに眠る。", "overlap"],
    ],
  },
  {
    language: "zh",
    text: "月港可能在九年后恢复夜间渡轮，港务局星期一表示。渡轮每晚运送1250名乘客，耗资五百万元。3月28日，县议会以12票对7票否决了拨款。县政府没有承诺出资。",
    faithful: [
      "月港可能恢复夜间渡轮。",
      "渡轮每晚运送1,250名乘客。",
      "3月28日，县议会否决了拨款。",
    ],
    refused: [
      ["渡轮每晚运送1350名乘客。", "number"],
      ["渡轮耗资六百万元。", "number"],
      ["3月27日，县议会否决了拨款。", "date"],
      ["美国恢复夜间渡轮。", "name"],
      ["县政府承诺出资。", "negation"],
    ],
  },
  {
    language: "ar",
    text: "قد تعيد مدينة ميناء القمر عبّارتها الليلية بعد تسع سنوات. نقلت العبّارة ١٬٢٥٠ راكبًا كل ليلة. وفي 28 مارس صوّت المجلس ضد التمويل.",
    faithful: ["نقلت العبّارة 1250 راكبًا كل ليلة.", "صوّت المجلس ضد التمويل في 28 مارس."],
    refused: [
      ["نقلت العبّارة ١٬٣٥٠ راكبًا كل ليلة.", "number"],
      ["صوّت المجلس ضد التمويل في 27 مارس.", "date"],
      ["نقلت العبّارة كل راكب من سوريا.", "name"],
    ],
  },
  {
    language: "ko",
    text: "달항구는 9년 만에 야간 여객선을 되살릴 수 있다고 항만청이 월요일 밝혔다. 여객선은 승객 340만 명을 태웠다. 3월 28일 의회는 예산을 부결했다.",
    faithful: ["여객선은 승객 3,400,000명을 태웠다.", "의회는 3월 28일 예산을 부결했다."],
    refused: [
      ["여객선은 승객 350만 명을 태웠다.", "number"],
      ["의회는 3월 29일 예산을 부결했다.", "date"],
      ["의회는 화요일 예산을 부결했다.", "date"],
    ],
  },
];

describe.each(TONGUES)("in $language", ({ language, text, faithful, refused }) => {
  const article = articleOf(text, { language });

  test.each(faithful)("passes: %s", (sentence) => {
    expect(unfaithfulness(sentence, article)).toBeUndefined();
  });

  test.each(refused)("refused: %s", (sentence, kind) => {
    expect(kindOf(sentence, article)).toBe(kind);
  });
});

test("a fault says what is wrong, in words for whoever edits", () => {
  expect(unfaithfulness("The ferry carried 1,350 riders a night.", FERRY)).toEqual({
    kind: "number",
    found: "1,350",
    message: "the number 1,350 is not in the article",
    isSure: true,
  });
});

describe("words that JavaScript knows are words like others", () => {
  test.each(["constructor", "__proto__", "toString"])("%s", (word) => {
    const article = articleOf(`The ${word} of the ferry lives in Porthmoor.`);
    expect(unfaithfulness(`The ${word} lives in Porthmoor.`, article)).toBeUndefined();
    expect(kindOf(`Constructor ${word} lives in Thornsea.`, article)).toBe("name");
  });
});
