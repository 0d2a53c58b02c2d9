import type { Vocabulary } from "../lexicon.ts";

export const ENGLISH: Vocabulary = {
  stopWords: `a an the this that these those there here it its he him his she her hers they them their
    we us our ours i me my you your who whom whose which what when where why how if then than as at by
    for from in into of off on onto out over to up down with without about above after again against
    before below between both during under until while through toward towards and or but nor so yet not
    no only own same such too very just also more most much many few other some any each every all can
    could will would shall should may might must do does did done doing be been being am is are was were
    have has had having s t d ll m re ve said say says one two because however since though although
    once still even ever never now well millions thousands hundreds dozens`,
  singularPronouns: `he him his himself she her hers herself he's she's he'd she'd he'll she'll
    it its itself it's it'd it'll`,
  pluralPronouns: "they them their theirs themselves they're they've they'd they'll",
  pointers: "that that's others which who whose whom",
  demonstratives: "this these those such another other same both neither either",
  objectPronouns: "him them",
  definites: "the all both",
  wellKnown: `governm public police army militar media press weather sky sun moon sea world earth economy
    internet future past reality truth rich poor`,
  labels: `accusation agreement allegation announcement appointment attack ban change claim comment decision
    deal discovery incident initiative measure move offer plan project proposal remark request ruling
    scheme statement step suggestion verdict`,
  asides: "which who whose where including",
  closers:
    "though instead either anyway otherwise nonetheless nevertheless however meanwhile too therefore moreover this that these those will would did didn't doesn't don't won't wouldn't couldn't can't",
  introducers:
    "first, second, third, fourth, here, there, last, no, ok, okay, right, true, oddly, strangely, after all, for starters, in exchange, for one",
  subordinators: `because although though whereas unless while whilst whether until since if when whenever where wherever after before as once`,
  connectives: `here is, here are, here's, but, and, or, nor, so, yet, however, moreover, furthermore, therefore, thus, hence,
    meanwhile, instead, still, also, besides, nevertheless, nonetheless, then, afterwards, afterward,
    additionally, indeed, similarly, likewise, consequently, otherwise, accordingly, regardless, anyway,
    too, sure, yes, no wonder, not because, not that, not to mention, well, now, later, earlier, soon, eventually, finally, ultimately, again,
    plus, alas, rather, conversely, alternatively, subsequently, thereafter, hereafter, elsewhere,
    not to be outdone, to that end, at that point, either way, in addition, as a result, in fact, for example, for instance, on the other hand,
    in contrast, by contrast, in comparison, at the same time, that said, of course, as with, even so,
    even then, after that, after this, after which, since then, until then, by then, back then,
    at the time, at that, in turn, in other words, in the meantime, in return, in response, in short,
    in that, as such, as well, above all, all of this, all this, all that,
    all of which, not only that, if so, if not, of these, of those, among them, one of them, one of those,
    one of these, some of them, some of these, some of those, most of them, many of them, both of them,
    none of them, each of them, all of them, two of them, because of that, on top of that, on the contrary, the two, the three, the four, the five,
    the pair, the duo, the trio, the couple, the latter, the others, the rest, the move comes,
    with that, for that, from there, from that, to that, like that, despite that, to be sure, to do so,
    to do this, to do that, in doing so, in so doing, by doing so, doing so, more importantly,
    most importantly, more than that, what's more, firstly, secondly, thirdly, lastly, the second,
    the third, the reason is, the answer is, the result is, the point is, the idea is, just like`,
  additives: "also too",
  conjunctions: "but and yet so",
  droppable: `however, moreover, furthermore, meanwhile, also, besides, nevertheless, nonetheless, additionally, indeed, in addition, in fact, at the same time, still, well, of course, in the meantime, in short`,
  narrators:
    "i i'm i've i'd i'll me my mine myself we we're we've we'd we'll us our ours ourselves",
  reports: `autopsy report study survey poll test tests x-ray video footage photo photos picture evidence document
    documents record records inquest investigation inquiry lawsuit statement email letter`,
  guesses: "speculate speculated guess guessed suspect suspected wonder wondered doubt doubted",
  counts: "one two three four five six seven eight nine ten some many most several few others",
  prepositions: `in on at after before since during from by for with to under over as until despite without within near outside inside across around between among following according through throughout upon like unlike given of`,
  determiners: `the a an every each no some any several many most few all both half one two three four
    five six seven eight nine ten more less our my your another`,
  saying: `said says say told tells added adds asked asks replied replies wrote writes explained explains
    recalled recalls noted notes argued argues insisted insists warned warns admitted admits announced
    declared observed remarked concluded confirmed promised joked`,
  verbs: `am are is was were be been have has had do does did can could may might must shall should will
    would say said tell told make made take took go went come came see saw give gave get got find found
    leave left lose lost win won lead led hold held keep kept meet met put run ran send sent set cut hit let
    read shut spend spent stand stood strike struck teach taught think thought throw threw understand
    understood wear wore write wrote begin began become became break broke bring brought build built buy
    bought catch caught choose chose draw drew drive drove fall fell feel felt fight fought fly flew forget
    forgot grow grew hear heard hurt know knew lie lay lain mean meant pay paid rise rose sing sang sit sat
    sell sold shoot shot show shown sleep slept speak spoke spoken steal stole stolen swim swam wake woke
    want need look work live point remain appear seem include call try ask play turn help believe face
    continue expect plan hope fear agree argue warn claim deny insist ride rode seek sought spread bear bore
    bet bid blow blew cast cost deal dealt dig dug eat ate feed fed flee fled forgive freeze froze hang hung
    hide hid kneel lend lent light lit quit rid ring rang seen shake shook shrink sink sank slide split
    spring sprang stick stuck sting stung swear swore sweep swept swing swung tear tore weep wept wind wound
    withdraw withdrew born gone done taken given known happen open close start stop end move change rule vote
    offer use carry allow serve join share stay wait walk talk watch laid overtook undertook oversaw overcame
    underwent foresaw withstood withheld rebuilt rewrote mistook arose awoke bled bred bent clung crept dealt
    dwelt flung forbade ground knelt leapt learnt shed shone shrank sped spat spun stank strove strung trod upset
    burst overheard outgrew provide support measure create produce require cause reach receive consider`,
  calendar: `january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday spring summer autumn fall winter week weeks
    month months year years day days morning afternoon evening night weekend time times season quarter
    century decade today tomorrow yesterday jan feb mar apr jun jul aug sep sept oct nov dec
    ago`,
};
