import type { PersonVocabulary } from "../person-words.ts";

export const ENGLISH_PEOPLE: PersonVocabulary = {
  persons: `academic accountant activist actor actress administrator admiral adviser advisor advocate aide
    airman ambassador analyst anchor animator anthropologist apprentice archaeologist archbishop architect
    archivist artist assistant astronaut astronomer astrophysicist athlete attorney auctioneer author baker
    ballerina bandmaster banker barber barista baron baroness barrister bassist biographer biologist
    bishop blacksmith blogger boatbuilder boatman bookseller botanist boxer brewer brigadier broadcaster
    broker builder butcher campaigner candidate captain cardinal cardiologist caretaker carpenter
    cartoonist cashier cellist ceo chair chairman chairperson chairwoman chancellor chaplain chef chemist
    chief choreographer clergyman cleric climber clerk co-author co-chair co-creator co-director
    co-executive co-founder co-owner coach cofounder colonel columnist comedian comic commandant commander
    commentator commissioner composer comptroller conductor congressman congresswoman conservator
    constable consultant contestant contractor coordinator coroner correspondent councillor councilman
    councilwoman councilor counsel counsellor counselor count countess coxswain craftsman creator crewman
    critic curator cyclist dancer dean defender delegate democrat dentist deputy dermatologist designer
    detective developer dictator diplomat director dissident distiller diver doctor dramatist driver
    drummer duchess duke ecologist economist editor educator elder electrician emir emperor engineer
    engraver entertainer entrepreneur envoy epidemiologist ethicist evangelist examiner executive expert
    explorer farmer father-general filmmaker financier firefighter fisherman fisherwoman florist
    footballer forester forward foreman founder fundraiser gardener general geneticist geographer
    geologist geophysicist glaciologist goalkeeper golfer governor grocer guard guardian guide guitarist
    gunsmith gymnast hairdresser harbourmaster harbormaster head headmaster headmistress headteacher
    heiress heir helmsman herder heptathlete historian homemaker horticulturist host hostess hunter
    hydrologist hypnotist illusionist illustrator imam immunologist inspector instructor intern
    interpreter inventor investigator investor janitor jeweller jeweler jockey joiner journalist judge
    jurist justice keeper keyboardist king labourer laborer landlady landlord landscaper lawmaker lawyer
    leader lecturer legislator librarian lieutenant lifeguard linguist lobbyist locksmith
    magician magistrate maker manager marine mathematician mayor mechanic medic member merchant
    meteorologist microbiologist midfielder midwife miller miner minister missionary model moderator
    monk mountaineer musician mystic naturalist navigator negotiator neighbour neighbor neurologist
    neuroscientist newscaster novelist nun nurse nutritionist oceanographer officer official olympian
    ombudsman oncologist operator ophthalmologist optician optometrist organiser organist organizer
    ornithologist owner paediatrician painter palaeontologist paleontologist paramedic parishioner
    partner pastor pathologist patriarch patrolman paymaster peacekeeper pediatrician performer
    pharmacist philanthropist philosopher photographer photojournalist physician physicist
    physiologist physiotherapist pianist pilot pioneer pitcher playwright plumber poet policeman
    policewoman politician pollster pope porter postman postmaster postmistress potter premier presenter
    president priest priestess prime-minister prince princess principal printer printmaker producer
    professor programmer promoter prosecutor provost psychiatrist psychologist psychotherapist publicist
    publisher quarterback queen rabbi racer radiologist railwayman rancher ranger rapper realtor
    receptionist rector referee reformer registrar representative republican researcher restaurateur
    restorer reverend rider roboticist roofer rower sailor saxophonist scholar schoolteacher
    schoolmaster schoolmistress scientist screenwriter sculptor seaman seamstress secretary senator
    sergeant sexton sheikh sheriff shepherd shipbuilder shipwright shoemaker shopkeeper singer skater
    skier skipper sociologist soldier solicitor songwriter soprano speaker specialist spokesman
    spokesperson spokeswoman sportscaster sprinter stallholder star statesman stationmaster statistician
    steward stockbroker strategist striker stuntman stylist sultan superintendent supervisor surfer
    surgeon surveyor swimmer tailor teacher technician technologist tenor theologian theorist
    therapist trader trainer translator treasurer trombonist trooper trumpeter trustee tutor tycoon
    undersecretary undertaker vet veterinarian vicar violinist virologist vlogger volcanologist
    volunteer waiter waitress warden watchmaker weaver webmaster welder winemaker winner wrestler writer
    youtuber zookeeper zoologist counterpart co-star laureate medalist medallist chairman-elect master`,
  kin: `aunt boyfriend bride brother child cousin daughter ex-husband ex-wife father fiance fiancé fiancee
    fiancée friend girlfriend grandfather grandmother grandson granddaughter groom husband mother nephew
    niece parent sibling sister son spouse stepfather stepmother stepson twin uncle widow widower wife
    dad mom mum grandma grandpa boy girl man woman teenager teen resident native student pupil graduate
    classmate colleague roommate neighbour neighbor customer passenger witness survivor patient victim
    suspect defendant accused gunman shooter attacker bomber killer murderer terrorist inmate prisoner
    convict rapist thief robber hijacker kidnapper counterpart rival teammate team-mate co-defendant accomplice`,
  titles: `mr mrs ms miss mx dr prof sir dame lord lady rev fr sen rep gov lt gen col maj capt cmdr sgt cpl
    pvt adm det insp supt hon president vice-president premier chancellor prime minister king queen
    prince princess pope emperor empress sultan emir sheikh ayatollah mullah senator congressman
    congresswoman representative governor mayor judge justice sheriff secretary ambassador general
    colonel major captain commander lieutenant sergeant corporal private admiral officer detective
    inspector superintendent constable professor doctor coach director chairman chairwoman
    commissioner attorney councillor councilman councilwoman councilor archbishop bishop cardinal father
    sister brother reverend rabbi imam chief spokesman spokeswoman spokesperson deputy speaker
    undersecretary marshal chaplain engineer trooper correspondent prosecutor envoy pastor dean provost
    duke duchess earl baron baroness count countess crown`,
  portfolios: `education health defense defence foreign affairs state justice finance interior labor labour
    agriculture commerce transport transportation energy trade culture treasury environment homeland
    security housing science technology industry economy economic war information tourism sports sport
    staff police operations research communications marketing development`,
  articles: "the a an",
  who: "who (?:is|was|serves as|works as) (?:a|an|the)",
  doing:
    "runs|owns (?:the|a)|leads|heads|chairs|keeps|teaches|studies|coaches|directs|manages|edits|tends|looks after|represents|oversees|fishes|farms|repairs|restores|operates|curates",
  verbs: `met saw told said asked killed shot hit left made took gave got found kept held beat led named called
    hired fired joined married sued accused arrested charged beats meets tells says sees joins is was are were
    has have had be been became become succeeded replaced defeated followed quoted visited praised thanked
    identified sent brought put read wrote knew felt began came went did does do including featuring
    see meet tell ask help make take give get find keep hold lead name call hire fire join marry sue accuse
    arrest charge leave sees replace succeed defeat follow visit praise thank send bring starring introducing calling making playing against starred plays played stars want wants wanted`,
};
