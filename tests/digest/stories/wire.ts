import type { Article } from "../../../src/article/article.ts";
import { article } from "../../fixtures.ts";

/** One event as two papers tell it, and another event of the same kind that only looks like it. */
export interface Event {
  readonly language: string;
  readonly told: readonly [title: string, text: string];
  readonly retold: readonly [title: string, text: string];
  readonly other: readonly [title: string, text: string];
}

/** Invented: a harbour coast of small towns and smaller papers. */
export const BRIDGE: Event = {
  language: "en",
  told: [
    "Swing bridge at Orrell stuck open for a second day",
    `The swing bridge at Orrell has been stuck open since Monday morning, cutting the town of 4,200 people in two, the harbour board said on Tuesday.

A bearing of the 1894 bridge cracked at 6.40 a.m. when the dredger Patience had just passed, harbour master Oona Teal said. Nobody was hurt. The board has closed Staithe Lane and sends cars 31 kilometres round by Lower Wether.

"We can turn it by hand, but not with a cracked bearing under 140 tonnes," Oona Teal said.

A replacement is being cast at the Brack foundry and should arrive on Friday. Until then the ferryman Silas Quint rows pupils of St Bride's School across for nothing.

The bridge was last stuck in 1947, when the river froze. The board had asked the county for £90,000 for new bearings in 2016 and was refused.`,
  ],
  retold: [
    "Cracked bearing splits Orrell in half",
    `Pupils of St Bride's School in Orrell are being rowed to their lessons after a cracked bearing left the town's swing bridge stuck open on Monday.

Harbour master Oona Teal said that the dredger Patience had just gone through at 6.40 a.m. when the bearing of the 1894 bridge gave way. No one was injured, but the town of 4,200 people is cut in two and drivers face a detour of 31 kilometres by Lower Wether while Staithe Lane stays closed.

The harbour board expects a new bearing from the Brack foundry on Friday. In the meantime ferryman Silas Quint takes the children over free of charge.

"By hand we could turn it, but not 140 tonnes on a broken bearing," Oona Teal said. In 2016 the county turned down the board's request for £90,000 to replace the bearings of the bridge.`,
  ],
  other: [
    "Lifting bridge at Lower Wether stuck shut",
    `The lifting bridge at Lower Wether has been stuck shut since Saturday night, keeping 17 barges in the basin, the canal trust said on Sunday.

A chain of the 1931 bridge jumped its wheel at 11.15 p.m. in the storm, lock keeper Bram Oakes said. Nobody was hurt. The trust has closed the towpath and sends walkers 2 kilometres round by Mill Street.

"We can lift it with a crane, but not in this wind," Bram Oakes said.

A new chain is on its way from Port Carrow and should be fitted on Wednesday. Until then the bakery barge sells its bread over the rail.

The bridge was last stuck in 1963. The trust had asked the town for £12,000 for new chains and was given half.`,
  ],
};

export const LAMPS: Event = {
  language: "en",
  told: [
    "Lamp oil thief caught on Skerry Rock after 11 years",
    `Police have arrested a man of 63 on Skerry Rock who is said to have taken lamp oil from nine lighthouses in eleven years, the Wether constabulary said on Thursday.

Lorcan Vane, a retired net maker, was found asleep in a boat with 240 litres of oil aboard. Keeper Ysolde Marrack of the Skerry light had marked her oil with beetroot juice in October after the level fell once more.

"His lamp at home burned pink, and the whole of Gull Street could see it," Ysolde Marrack said.

The constabulary puts the loss at £7,800. Inspector Tobin Ashe said that the man had kept a ledger in which every litre was entered as a loan. He is to appear before the court at Pellow Haven on 3 December.`,
  ],
  retold: [
    "Pink lamplight gives away oil thief",
    `A retired net maker has been arrested on Skerry Rock on suspicion of taking lamp oil from nine lighthouses over eleven years.

Lorcan Vane, 63, gave himself away by the colour of his window: keeper Ysolde Marrack had put beetroot juice into the oil of the Skerry light in October, and soon a lamp in Gull Street burned pink. Police of the Wether constabulary found the man asleep in a boat with 240 litres of oil.

Inspector Tobin Ashe put the loss of the lighthouses at £7,800. The suspect kept a ledger of every litre of oil, he said, as though it had been a loan.

Lorcan Vane will appear in court at Pellow Haven on 3 December.`,
  ],
  other: [
    "Skerry light goes out for the first time since 1911",
    `The lamp of the Skerry light went out for 40 minutes on Wednesday night, the first time since 1911, the Commissioners of Coastal Lamps said.

Keeper Ysolde Marrack was winding the clock of the lens when a moth of uncommon size put the wick out. She had dropped her matches into the oil. A trawler, the Second Thought, stood off until the light came back.

"I counted to two thousand four hundred and swam for the spare box," Ysolde Marrack said.

The Commissioners have sent her 144 boxes of matches. An inspector will visit Skerry Rock in the new year, when the sea allows. No ship was in danger, the Commissioners said.`,
  ],
};

/** Those, and others in other languages. */
export const EVENTS: readonly Event[] = [
  BRIDGE,
  LAMPS,
  {
    language: "de",
    told: [
      "Fähre nach Quarnsiel fährt wieder nach der Uhr",
      `Die Fähre nach Quarnsiel fährt seit Montag wieder nach der Uhr und nicht mehr nach der Flut, teilte die Reederei Uhlhorn am Dienstag mit.

Kapitän Onno Harms hatte die Abfahrten 14 Jahre lang nach dem Pegel an der Alten Mole gerichtet. Seit im Oktober die Fahrrinne auf 3,80 Meter ausgebaggert wurde, kommt das Schiff bei jedem Wasserstand aus dem Hafen.

„Ich habe die Uhr erst wieder stellen lassen müssen“, sagte Onno Harms.

Die Gemeinde zahlte für das Baggern 410.000 Euro. Bürgermeisterin Frauke Söder sagte, die 612 Einwohner der Insel hätten darauf seit 2009 gewartet. Der neue Fahrplan gilt bis zum 31. März, die erste Fähre legt um 6.15 Uhr ab.`,
    ],
    retold: [
      "Quarnsiel: Baggern macht die Flut überflüssig",
      `Wer nach Quarnsiel will, braucht keinen Tidenkalender mehr: Seit Montag legt die Fähre der Reederei Uhlhorn wieder nach der Uhr ab.

Möglich wird das durch die Fahrrinne, die im Oktober auf 3,80 Meter ausgebaggert wurde. Kapitän Onno Harms kommt nun bei jedem Wasserstand aus dem Hafen; 14 Jahre lang hatte er sich bei den Abfahrten nach dem Pegel an der Alten Mole gerichtet. „Die Uhr musste ich erst stellen lassen“, sagte er.

Das Baggern kostete die Gemeinde 410.000 Euro. Die 612 Einwohner der Insel warteten seit 2009 darauf, sagte Bürgermeisterin Frauke Söder. Die erste Fähre fährt um 6.15 Uhr, der Fahrplan gilt bis zum 31. März.`,
    ],
    other: [
      "Fähre nach Brackeroog sucht einen Kapitän",
      `Die Fähre nach Brackeroog liegt seit Sonntag still, weil der Reederei der Kapitän fehlt, teilte die Gemeinde am Montag mit.

Kapitän Hinrich Loog war nach 38 Jahren in den Ruhestand gegangen. Sein Nachfolger trat die Stelle nicht an, nachdem er den Fahrplan gelesen hatte.

„Man muss Nebel mögen“, sagte Hinrich Loog.

Die Gemeinde bietet 4.900 Euro und ein Haus am Deich. Bürgermeister Eike Tamm sagte, es hätten sich bisher zwei Bäcker beworben. Bis auf Weiteres bringt der Krabbenkutter Antje die Post auf die Insel, jeden Dienstag und jeden Freitag.`,
    ],
  },
  {
    language: "ja",
    told: [
      "汐見町の渡し船、十二年ぶりに夜間運航",
      `汐見町の渡し船が月曜日の夜、十二年ぶりに夜間の運航を再開した。町の港湾課が火曜日に発表した。

船頭の浜野しずくさん（58）は、新しく取り付けた真鍮の灯火を頼りに、午後八時から対岸の白浜まで三往復した。乗客は四十七人だった。灯火の費用は八十六万円で、町内の漁業組合が半分を負担した。

「夜の川は昼より広い。ゆっくり渡ればいい」と浜野さんは話した。

夜間運航は二〇〇七年の台風で桟橋が壊れて以来、休止していた。町は来年三月まで毎週月曜日と金曜日に船を出す予定だ。`,
    ],
    retold: [
      "夜の渡し船が戻る　汐見町",
      `汐見町で月曜日の夜、渡し船の夜間運航が十二年ぶりに再開された。

午後八時、船頭の浜野しずくさん（58）が新しい真鍮の灯火をともし、対岸の白浜まで三往復した。乗客は四十七人。灯火の費用八十六万円のうち、半分は町内の漁業組合が負担した。浜野さんは「夜の川は昼より広い。ゆっくり渡ればいい」と話した。

夜間運航は、二〇〇七年の台風で桟橋が壊れて以来休止していた。町の港湾課によると、来年三月まで毎週月曜日と金曜日に船を出す予定だという。`,
    ],
    other: [
      "白浜の桟橋、潮位を示す柱を新設",
      `白浜の桟橋に日曜日、潮位を示す木の柱が新しく立てられた。町の港湾課が月曜日に発表した。

大工の潮田まことさん（71）が、樫の丸太に一センチごとの目盛りを彫り込んだ。作業には九日かかった。柱の費用は二十三万円で、観光協会が全額を負担した。

「海は字が読めないから、人間のために彫った」と潮田さんは話した。

古い柱は去年の大雪で折れていた。町は来年、汐見町の港にも同じ柱を立てる予定だ。`,
    ],
  },
  {
    language: "ar",
    told: [
      "عودة ساعة ميناء الضفة إلى الدوران",
      `عادت ساعة ميناء الضفة إلى الدوران يوم الاثنين بعد توقف دام تسعة عشر عامًا، بحسب ما أعلنت بلدية المدينة يوم الثلاثاء.

وقالت الساعاتية ليلى المرساوي إنها وجدت في آلة الساعة المصنوعة عام 1889 عش حمام وثلاث رسائل لم تصل إلى أصحابها. واستغرق الإصلاح سبعة أشهر وبلغت كلفته 46 ألف درهم.

وأضافت ليلى المرساوي: «الساعة لم تكن معطلة، كانت تنتظر من يقرأ الرسائل».

وأوضح رئيس البلدية سالم البحّار أن الصيادين دفعوا نصف الكلفة. وستدق الساعة كل مساء عند السادسة، موعد عودة القوارب إلى الميناء.`,
    ],
    retold: [
      "ساعة الضفة تدق من جديد بعد تسعة عشر عامًا",
      `بعد توقف دام تسعة عشر عامًا عادت ساعة ميناء الضفة إلى الدوران يوم الاثنين، وفق بلدية المدينة.

ووجدت الساعاتية ليلى المرساوي عش حمام وثلاث رسائل لم تصل إلى أصحابها في آلة الساعة المصنوعة عام 1889. وقالت: «الساعة كانت تنتظر من يقرأ الرسائل». وبلغت كلفة الإصلاح 46 ألف درهم واستغرق سبعة أشهر.

وقال رئيس البلدية سالم البحّار إن نصف الكلفة دفعه الصيادون، وإن الساعة ستدق كل مساء عند السادسة، موعد عودة القوارب إلى الميناء.`,
    ],
    other: [
      "سوق السمك في المصب يفتح أبوابه ليلًا",
      `فتح سوق السمك في المصب أبوابه ليلًا للمرة الأولى يوم الخميس، بحسب ما أعلنت غرفة التجارة يوم الجمعة.

وقال البائع مروان القلعي إنه باع في الليلة الأولى ثمانين صندوقًا من السردين قبل منتصف الليل. وركبت البلدية 120 مصباحًا على امتداد الرصيف بكلفة 15 ألف درهم.

وأضاف مروان القلعي: «السمك لا ينام، فلماذا ننام نحن؟».

وسيبقى السوق مفتوحًا ليلًا حتى نهاية الصيف، ثم تقرر الغرفة هل تستمر التجربة في الشتاء أم تعود إلى مواعيد الصباح.`,
    ],
  },
];

/** A story of a paper of its own, on a day of November 2018. */
export function story(
  paper: string,
  [title, text]: readonly [title: string, text: string],
  over: Partial<Article> = {},
): Article {
  const slug = paper.toLowerCase().replace(/\W+/g, "-");
  const url = `https://${slug}.example/${encodeURIComponent(title)}`;
  const published = "2018-11-20T09:00:00Z";
  return article({
    id: url,
    title,
    text,
    url,
    site: paper,
    publishedAt: published,
    tags: [],
    ...over,
  });
}

/** A wire copy: another headline, the opening shortened, the end cut, a sentence of the paper's own. */
export function wireCopy(
  [, text]: readonly [string, string],
  headline: string,
): readonly [string, string] {
  const paragraphs = text.split("\n\n");
  const kept = paragraphs.slice(0, Math.max(2, paragraphs.length - 1));
  return [headline, [...kept, "—"].join("\n\n")];
}
