/** Words of the names of organisations, in any of our languages; as the first or last word of a name they make it one. */
export const ORGANISATION_WORDS: ReadonlySet<string> = new Set(
  `academy administration agency airlines airways alliance archive archives army assembly association associates
  authority bank board brigade bureau cabinet center centre chamber charity church clinic club coalition college
  commission commissioners committee company confederation conference congress consortium constabulary consulate
  cooperative corp corporation council court department directorate embassy enterprises exchange federation
  festival force forces foundation front fund gallery gazette government group guild holdings hospital inc
  industries institute institution international journal laboratory laboratories league library limited ltd llc
  ministry movement museum navy network news observatory office orchestra organisation organization parliament
  partners party police post press project registry school schools secretariat senate service services society
  station studios syndicate systems team technologies times trust tribunal troupe union united university watch
  weekly daily tribune herald gazette magazine assembly academy staff administration
  amt anstalt bund bundesamt gemeinde gericht gesellschaft gewerkschaft institut kirchenrat ministerium museum
  polizei rat regierung stiftung universität verband verein werke zeitung
  académie agence assemblée banque comité commission conseil fédération fondation gouvernement groupe hôpital
  institut ministère mairie musée parlement parti société syndicat université
  academia agencia asamblea asociación ayuntamiento banco comisión consejo fundación gobierno hospital instituto
  ministerio museo parlamento partido sindicato universidad
  accademia agenzia associazione banca comune consiglio fondazione governo istituto ministero museo ospedale
  parlamento partito università
  agência assembleia associação câmara comissão conselho fundação governo instituto ministério museu partido
  universidade
  bank bond commissie gemeente genootschap ministerie partij politie raad stichting universiteit vereniging fonds ag gmbh plc
  attorney's fbi cia nato nasa u.n afp reuters cnn`.split(/\s+/),
);

/** Words of the names of places and of things: a name that has one is nobody's. */
export const THING_WORDS: ReadonlySet<string> = new Set(
  `airport alley arena avenue award awards bay beach boulevard bowl bridge broadway building canyon castle cathedral
  cape championship championships channel city coast county creek cup day desert district drive east eastern falls
  field forest fort garden gardens games gate gulf hall harbor harbour haven head heights highway hill hills hotel
  house inn island islands isle jail lake lane lodge marathon mall market memorial monument mosque mount mountain
  mountains mills north northern ocean oval palace park peak peninsula pier place plaza point port prison prize
  province quay range reef ridge river road rock rocks room sands sea series shore show sound south southern spring
  springs square stadium state states straits strait street summit temple terminal theater theatre tower town trail
  tunnel valley village wall war west western wood woods world zone act bill law treaty agreement accord amendment
  internet facebook twitter google youtube instagram apple microsoft amazon christmas easter thanksgiving
  islam islamic catholic christian jewish muslim republican democratic american british english french german
  russian chinese japanese korean indian italian spanish european african asian australian canadian mexican
  republicans democrats swede dane dutchman spaniard frenchman englishman irishman welshman scot briton serb croat
  finn norwegian austrian swiss belgian brazilian argentine argentinian colombian ukrainian
  kirche kapelle straße strasse fluss see hafen insel schloss turm platz rue avenue place pont plage
  calle plaza puente via piazza ponte rua praça straat plein san santa st saint los las el new great grand upper lower
  central royal national high first last second supreme`.split(/\s+/),
);
