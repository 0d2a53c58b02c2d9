import { LETTER_TEXT, TITLES } from "../fixtures.ts";

/** What the fixtures of one language say: the same newsletter about a river, told four times. */
export interface Words {
  readonly name: string;
  readonly longName: string;
  readonly tagline: string;
  readonly address: string;
  readonly site: string;
  readonly papers: readonly string[];
  readonly author: string;
  readonly tags: readonly string[];
  readonly titles: readonly string[];
  readonly gist: string;
  readonly points: readonly string[];
  readonly quote: string;
  readonly people: readonly (readonly [name: string, role?: string])[];
  readonly timeline: readonly (readonly [when: string, event: string])[];
  readonly figures: readonly (readonly [value: string, unit: string | undefined, what: string])[];
  readonly letter: string;
  readonly signature: string;
  readonly alt: string;
  readonly caption: string;
  /** As long as a word of the language gets, or longer. */
  readonly longWord: string;
  readonly footerLine: string;
  readonly footerLink: string;
}

const en: Words = {
  name: "The Mudlark",
  longName: "The Wetherside and Lower Estuary Mudlark",
  tagline: "What the river brings",
  address: "The Mudlark, 3 Staithe Lane, Orrell",
  site: "The Estuary Paper",
  papers: ["The Sound Courier", "Tidewatch", "Keel & Plank", "Deckside", "The Quay", "Slip"],
  author: "Ottilie Brand",
  tags: ["Bread", "Books", "Ferries", "Commons", "Weather"],
  titles: TITLES,
  gist: "The bakery on Samphire Quay lights its ovens when the tide turns, and sells out by low water.",
  points: [
    "A tide mill of 1794 turns the kneader for five hours, twice a day.",
    "Ottilie Brand bakes 340 loaves a tide and none between.",
    "The parish council leased her the mill in March 2011 for one loaf a week.",
    "On neap tides the dough rests longer, and regulars say that it tastes of it.",
  ],
  quote: "The moon decides when I get up. I have stopped arguing.",
  people: [
    ["Ottilie Brand", "Baker, who leases the mill"],
    ["Corin Aldersey", "Millwright, who cut the new paddles and would not be paid for them"],
    ["Wilhelmina Stroud-Pemberton"],
  ],
  timeline: [
    ["1794", "The mill was built for barley."],
    ["March 2011", "The parish council leased it for a loaf a week."],
    ["9 November 2018", "The first loaf was sold by lamplight."],
  ],
  figures: [
    ["340", undefined, "loaves from every tide"],
    ["12.5", "km", "from the mill to the nearest other bakery"],
    ["61", "%", "less flour lost than in a mill that stops by hand"],
    ["1,940,000", "kg", "of barley milled before 1900"],
  ],
  letter: LETTER_TEXT,
  signature: "Hester Pyke\nEditor, The Mudlark",
  alt: "A mill wheel half under water, a lamp lit in the window above it",
  caption: "The mill on Samphire Quay, an hour after high water",
  longWord: "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
  footerLine: "Set by hand, twice a day.",
  footerLink: "Earlier issues",
};

const ar: Words = {
  name: "الضفة",
  longName: "نشرة الضفة الشمالية ومصب النهر الأسبوعية",
  tagline: "ما يحمله النهر",
  address: "الضفة، ٣ درب الحبّالين، رأس النوّة",
  site: "صحيفة المصب",
  papers: ["جريدة المضيق", "مرصد المد", "القارب واللوح", "سطح السفينة", "الرصيف", "المرسى"],
  author: "ليلى المرساوي",
  tags: ["خبز", "كتب", "عبّارات", "مشاع", "طقس"],
  titles: [
    "مخبز يعمل على إيقاع المد",
    "مكتبة العُقد تجد آخر أمين لها",
    "لماذا تحمل عبّارة الليل النحل",
    "لا أحد يملك الضفة الرملية فيجزّ عشبها الجميع",
    "الجرس الذي يقرع نفسه في الضباب",
    "اثنتا عشرة طريقة لإصلاح الشبكة وواحدة لتركها",
    "فصل دراسي يدخل النهر في جدول حصصه",
    "بستان ينمو في محطة زورق النجاة القديمة",
    "ما وجدته الكرّاكة ثم أعادته إلى مكانه",
    "أبطأ جولة بريد في المقاطعة",
  ],
  gist: "يشعل المخبز أفرانه حين يتحول المد، ويبيع كل ما عنده قبل انحسار الماء.",
  points: [
    "تدير طاحونة المد العجّانة خمس ساعات مرتين كل يوم.",
    "تخبز ليلى ٣٤٠ رغيفًا مع كل مد ولا شيء بينهما.",
    "أجّر مجلس البلدة الطاحونة في مارس ٢٠١١ برغيف واحد في الأسبوع.",
  ],
  quote: "القمر يقرر متى أستيقظ، وقد كففت عن الجدال.",
  people: [
    ["ليلى المرساوي", "خبّازة تستأجر الطاحونة"],
    ["كريم الحلّاق", "نجّار الطواحين الذي صنع العجلة الجديدة ولم يقبل أجرًا"],
    ["سُهى عبد الرحمن"],
  ],
  timeline: [
    ["١٧٩٤", "بُنيت الطاحونة للشعير."],
    ["مارس ٢٠١١", "استأجرتها ليلى برغيف في الأسبوع."],
    ["٩ نوفمبر ٢٠١٨", "بيع أول رغيف على ضوء المصباح."],
  ],
  figures: [
    ["٣٤٠", undefined, "رغيفًا مع كل مد"],
    ["١٢٫٥", "كم", "من الطاحونة إلى أقرب مخبز آخر"],
    ["٦١٪", undefined, "أقلّ من هدر الدقيق في طاحونة تُوقف باليد"],
    ["٤٠", "دقيقة", "تُوفَّر في كل خبزة"],
  ],
  letter: `عزيزي القارئ،

ذهبت في الأسبوع الماضي إلى **رصيف الملح** لأرى مخبزًا لا مواعيد له. كنت أتوقع ساعة على الجدار، فوجدت نافذة تطل على النهر و[جرسًا](https://paper.example/bell) يقرعه طفل واحد.

> القمر يقرر متى أستيقظ، وقد كففت عن الجدال.

ظللت أفكر في تلك الجملة طوال الأسبوع، وفي

- الفرن الذي هو أقدم من السكة الحديدية
- الصف الذي ينتظم في الظلام في ساعة لا يعرفها أحد ولا يتكلم فيه أحد حتى يُفتح الباب

إلى يوم الخميس،`,
  signature: "هند البحري\nرئيسة تحرير الضفة",
  alt: "عجلة طاحونة نصفها تحت الماء ومصباح مضاء في النافذة فوقها",
  caption: "الطاحونة على الرصيف بعد ساعة من ارتفاع الماء",
  longWord: "أفاستسقيناكموهابالمستنقعاتالمالحةالمتجاورة",
  footerLine: "تُصفّ باليد مرتين كل يوم.",
  footerLink: "الأعداد السابقة",
};

const he: Words = {
  name: "הגדה",
  longName: "עיתון הגדה הצפונית ושפך הנהר התחתון",
  tagline: "מה שהנהר מביא",
  address: "הגדה, סמטת החבלים 3, ראש הרוח",
  site: "עיתון השפך",
  papers: ["שליח המצר", "משמר הגאות", "שדרית וקרש", "על הסיפון", "הרציף", "המזח"],
  author: "אוריה ברנד",
  tags: ["לחם", "ספרים", "מעבורות", "נחלת הכלל", "מזג אוויר"],
  titles: [
    "המאפייה שפועלת לפי הגאות",
    "ספריית הקשרים מוצאת את הספרן האחרון שלה",
    "מדוע מעבורת הלילה נושאת דבורים",
    "איש אינו בעל שרטון החול, ולכן כולם מכסחים אותו",
    "הפעמון שמצלצל מעצמו בערפל",
    "שתים עשרה דרכים לתקן רשת, ואחת להניח לה",
    "הכיתה שהנהר נמצא במערכת השעות שלה",
    "פרדס צומח בתחנת סירות ההצלה הישנה",
    "מה שהמחפר מצא והחזיר למקומו",
    "סבב הדואר האיטי במחוז",
  ],
  gist: "המאפייה ברציף המלח מדליקה את התנורים כשהגאות מתהפכת, ומוכרת הכול לפני השפל.",
  points: [
    "טחנת גאות משנת 1794 מסובבת את המיכל חמש שעות, פעמיים ביום.",
    "אוריה ברנד אופה 340 כיכרות בכל גאות, ואף לא אחת ביניהן.",
    "מועצת הכפר החכירה לה את הטחנה במרץ 2011 תמורת כיכר אחת בשבוע.",
  ],
  quote: "הירח מחליט מתי אני קמה. הפסקתי להתווכח.",
  people: [
    ["אוריה ברנד", "אופה, שחוכרת את הטחנה"],
    ["כורש אלדר", "בונה טחנות, שגילף את הכפות החדשות וסירב לתשלום"],
    ["וילהלמינה שטראוד־פמברטון"],
  ],
  timeline: [
    ["1794", "הטחנה נבנתה לשעורה."],
    ["מרץ 2011", "המועצה החכירה אותה תמורת כיכר בשבוע."],
    ["9 בנובמבר 2018", "הכיכר הראשונה נמכרה לאור מנורה."],
  ],
  figures: [
    ["340", undefined, "כיכרות בכל גאות"],
    ["12.5", 'ק"מ', "מהטחנה למאפייה הקרובה ביותר"],
    ["61%", undefined, "פחות קמח אובד מאשר בטחנה שנעצרת ביד"],
  ],
  letter: `קוראות וקוראים יקרים,

בשבוע שעבר נסעתי אל **רציף המלח** לראות מאפייה שאין לה שעות פתיחה. ציפיתי לשעון. מה שיש להם הוא חלון אל הנהר, ו[פעמון](https://paper.example/bell) שילד אחד מצלצל בו.

> הירח מחליט מתי אני קמה. הפסקתי להתווכח.

חשבתי על המשפט הזה כל השבוע, ועל

- התנור, שקדם למסילת הברזל
- התור, שנוצר בחושך בשעה שאיש אינו יודע לנקוב בה, ושותק עד שהדלת נפתחת

עד יום חמישי,`,
  signature: "הדסה פייק\nעורכת הגדה",
  alt: "גלגל טחנה שחציו מתחת למים, ומנורה דולקת בחלון שמעליו",
  caption: "הטחנה ברציף המלח, שעה אחרי שיא הגאות",
  longWord: "ולכשבהתמרמרויותיהםהאנציקלופדיות",
  footerLine: "נסדר ביד, פעמיים ביום.",
  footerLink: "גיליונות קודמים",
};

const ja: Words = {
  name: "河口だより",
  longName: "北岸および河口下流域のための週刊河口だより新聞",
  tagline: "川が運んでくるもの",
  address: "河口だより 凪浦町綱屋小路3",
  site: "河口新聞",
  papers: ["海峡新報", "潮見日報", "竜骨と板", "甲板", "岸壁通信", "船台"],
  author: "浜野しずく",
  tags: ["パン", "本", "渡し船", "入会地", "天気"],
  titles: [
    "潮の満ち引きで焼くパン屋",
    "結び目の図書館に最後の司書が来た",
    "夜の渡し船が蜂を運ぶ理由",
    "だれのものでもない砂州をみなで刈る",
    "霧の中でひとりでに鳴る鐘",
    "網を繕う十二の方法と、放っておく一つの方法",
    "時間割に川がある教室",
    "古い救命艇の基地に果樹園が育つ",
    "浚渫船が見つけて元に戻したもの",
    "県でいちばん遅い郵便配達",
  ],
  gist: "岸壁のパン屋は潮が変わると窯に火を入れ、干潮までに売り切る。",
  points: [
    "1794年に建てられた潮力水車が、一日に二度、五時間ずつ生地をこねる。",
    "一度の潮で焼くパンは340個で、その間は何も焼かない。",
    "村は2011年3月に水車小屋を週に一斤のパンで貸した。",
  ],
  quote: "起きる時刻は月が決めます。もう言い争うのはやめました。",
  people: [
    ["浜野しずく", "水車小屋を借りているパン職人"],
    ["相田航", "新しい水かきを削り、代金を受け取らなかった水車大工"],
    ["須藤みちる"],
  ],
  timeline: [
    ["1794年", "大麦のために水車小屋が建てられた。"],
    ["2011年3月", "村が週に一斤のパンで貸した。"],
    ["2018年11月9日", "最初の一斤がランプの明かりで売れた。"],
  ],
  figures: [
    ["340", "個", "一度の潮で焼くパン"],
    ["12.5", "km", "いちばん近いパン屋までの距離"],
    ["61%", undefined, "手で止める水車より少ない粉の損失"],
  ],
  letter: `読者のみなさまへ

先週、営業時間のないパン屋を訪ねて**岸壁**へ行きました。時計があるものと思っていました。あったのは川に面した窓と、一人の子どもが鳴らす[鐘](https://paper.example/bell)でした。

> 起きる時刻は月が決めます。もう言い争うのはやめました。

一週間そのことばを考えていました。それから

- 鉄道よりも古い窯のこと
- だれも言えない時刻に暗がりにできて、扉が開くまで黙っている行列のこと

ではまた木曜日に。`,
  signature: "汐見はるか\n河口だより 編集長",
  alt: "半ば水に沈んだ水車と、その上の窓にともる明かり",
  caption: "満潮から一時間後の水車小屋",
  longWord: "スーパーカリフラジリスティックエクスピアリドーシャス",
  footerLine: "一日に二度、手で組んでいます。",
  footerLink: "バックナンバー",
};

export const WORDS = { en, ar, he, ja } as const satisfies Record<string, Words>;
export type Language = keyof typeof WORDS;
