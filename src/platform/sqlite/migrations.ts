/** The row of the table store. Each store has an id of its own. */
export const STORE_ROW =
  "INSERT INTO store (one, uid, epoch) VALUES (1, lower(hex(randomblob(8))), 0);";

/**
 * The steps that create and change a store. `PRAGMA user_version` is the number of steps that a file has been through. A
 * released step is never changed. Times are in milliseconds since 1970.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- One row. The epoch is raised by all that the ledger does, and noted beside the store: a file whose epoch
  -- is behind the note is an older copy.
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    uid TEXT NOT NULL,
    epoch INTEGER NOT NULL
  ) STRICT;
  ${STORE_ROW}

  -- A newsletter's list. Its uid stands in unsubscribe tokens.
  CREATE TABLE list (
    id INTEGER PRIMARY KEY,
    newsletter TEXT NOT NULL UNIQUE,
    uid BLOB NOT NULL CHECK (length(uid) = 6)
  ) STRICT;

  -- The id is never given again, not even after a backup was restored: tokens carry it. The key is the
  -- address in small letters. Tags are a JSON array.
  CREATE TABLE subscriber (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES list,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT,
    language TEXT,
    tags TEXT,
    subscribed_at INTEGER NOT NULL,
    consent TEXT,
    consent_at INTEGER,
    UNIQUE (list, key)
  ) STRICT;

  CREATE TABLE suppression (
    list INTEGER NOT NULL REFERENCES list,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'manual')),
    since INTEGER NOT NULL,
    PRIMARY KEY (list, key)
  ) STRICT, WITHOUT ROWID;

  -- Whoever asked to be forgotten: an HMAC of the address under the key that key_id names.
  CREATE TABLE erased (
    list INTEGER NOT NULL REFERENCES list,
    hash BLOB NOT NULL,
    key_id INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (list, hash)
  ) STRICT, WITHOUT ROWID;

  -- Subscribers that are gone: the token in a mail they still have must go on working. The address is
  -- in small letters; of the erased there is only the hash.
  CREATE TABLE former_subscriber (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES list,
    address TEXT,
    hash BLOB,
    CHECK ((address IS NULL) <> (hash IS NULL))
  ) STRICT;
  CREATE INDEX former_subscriber_address ON former_subscriber (list, address) WHERE address IS NOT NULL;
  CREATE INDEX former_subscriber_hash ON former_subscriber (list, hash) WHERE hash IS NOT NULL;

  -- Who is sending.
  CREATE TABLE sender (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    worker TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT;

  -- planned_at is empty until the whole list is in. lost: this file was restored from a backup and knew
  -- nothing of the issue, and how what may have been sent is to be taken.
  CREATE TABLE issue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    newsletter TEXT NOT NULL,
    slot TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    planned_at INTEGER,
    expires_at INTEGER,
    lost TEXT CHECK (lost IN ('doubt', 'accept', 'resend')),
    UNIQUE (newsletter, slot)
  ) STRICT;

  -- One recipient of one issue. due: from when on it may be claimed; 0 is at once.
  CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    issue INTEGER NOT NULL REFERENCES issue,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT,
    language TEXT,
    subscriber INTEGER,
    state TEXT NOT NULL CHECK (state IN ('planned', 'claimed', 'sending', 'accepted', 'deferred',
      'rejected', 'uncertain', 'suppressed', 'skipped')),
    due INTEGER CHECK ((due IS NOT NULL) = (state IN ('planned', 'deferred'))),
    attempt INTEGER NOT NULL DEFAULT 0,
    first_tried_at INTEGER,
    message_id TEXT,
    worker TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER CHECK ((lease_until IS NOT NULL) = (state IN ('claimed', 'sending'))),
    reply TEXT,
    changed_at INTEGER NOT NULL,
    UNIQUE (issue, key)
  ) STRICT;
  CREATE INDEX delivery_due ON delivery (issue, due, id) WHERE due IS NOT NULL;
  CREATE INDEX delivery_open ON delivery (lease_until) WHERE lease_until IS NOT NULL;

  -- What a delivery has been through, apart from what goes well at once.
  CREATE TABLE delivery_event (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES delivery,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    reply TEXT
  ) STRICT;
  CREATE INDEX delivery_event_of ON delivery_event (delivery);
  `,
  `
  -- What has been in an issue, or is in one that is built: what an article is known by when it comes again.
  CREATE TABLE taken (
    id INTEGER PRIMARY KEY,
    newsletter TEXT NOT NULL,
    slot TEXT NOT NULL,
    source TEXT NOT NULL,
    article TEXT NOT NULL,
    file TEXT,
    link TEXT,
    title TEXT NOT NULL,
    letters TEXT NOT NULL,
    likeness TEXT,
    taken_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX taken_slot ON taken (newsletter, slot);

  -- By what it is looked for. Two that are the same have one in common; not all that have are the same.
  CREATE TABLE taken_key (
    key TEXT NOT NULL,
    taken INTEGER NOT NULL REFERENCES taken ON DELETE CASCADE,
    PRIMARY KEY (key, taken)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX taken_key_of ON taken_key (taken);

  -- How reading a source went. failed_slot: a source is tried again for one slot, and fails it once.
  CREATE TABLE source_health (
    newsletter TEXT NOT NULL,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    succeeded_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    failed_slot TEXT,
    code TEXT,
    error TEXT,
    reported_at INTEGER,
    PRIMARY KEY (newsletter, source)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A newsletter that is run on a schedule. since: nobody waits for what was due before. held_at: when somebody
  -- stopped it.
  CREATE TABLE timetable (
    newsletter TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    held_at INTEGER
  ) STRICT, WITHOUT ROWID;

  -- What became of each time at which an issue was due. attempt: which run is at work on it, so that one that was
  -- taken for dead changes nothing.
  CREATE TABLE slot (
    newsletter TEXT NOT NULL,
    slot TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'built', 'waiting', 'sending', 'sent', 'empty', 'skipped',
      'missed', 'merged', 'expired')),
    attempt INTEGER NOT NULL DEFAULT 0,
    why TEXT,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (newsletter, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX slot_at ON slot (newsletter, at);
  CREATE INDEX slot_open ON slot (newsletter) WHERE state IN ('begun', 'built', 'waiting', 'sending');
  `,
  `
  -- What readers see on the front page, where the newsletter counts its issues.
  ALTER TABLE slot ADD COLUMN number INTEGER;
  `,
  `
  -- Which faults of it somebody was told of, and when: JSON.
  ALTER TABLE slot ADD COLUMN told TEXT;
  `,
  `
  -- The secrets that links went out with, each by an HMAC of a constant under it.
  CREATE TABLE used_secret (
    list INTEGER NOT NULL REFERENCES list,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 16),
    PRIMARY KEY (list, fingerprint)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A list in the order in which its subscribers came, so that no page of it is sorted: the rowid stands in every
  -- index, and is the id.
  CREATE INDEX subscriber_in_order ON subscriber (list);

  -- How many are in each state. Not those whose state changes with every message that is sent, for whom it would be
  -- written each time: the few who are under way have an index of their own, and the accepted are the rest.
  CREATE INDEX delivery_state ON delivery (issue, state, lease_until)
    WHERE lease_until IS NULL AND state <> 'accepted';
  `,
  `
  -- What an issue is sent from, as it was when it was planned or revised. The email is JSON.
  CREATE TABLE issue_content (
    issue INTEGER PRIMARY KEY REFERENCES issue ON DELETE CASCADE,
    digest TEXT NOT NULL,
    email TEXT NOT NULL
  ) STRICT;

  CREATE TABLE issue_picture (
    id INTEGER PRIMARY KEY,
    issue INTEGER NOT NULL REFERENCES issue_content ON DELETE CASCADE,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL
  ) STRICT;
  CREATE INDEX issue_picture_of ON issue_picture (issue);
  `,
  `
  -- In how many runs it was refused while nothing showed that others are accepted, and since when.
  ALTER TABLE delivery ADD COLUMN open_refusals INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE delivery ADD COLUMN refused_at INTEGER;
  `,
  `
  -- The answers that a reader's address doesn't exist. verdict: what the end of the run decided, NULL before that.
  CREATE TABLE refusal (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES delivery,
    at INTEGER NOT NULL,
    verdict TEXT CHECK (verdict IN ('suppress', 'keep', 'quarantine'))
  ) STRICT;
  CREATE INDEX refusal_of ON refusal (delivery);
  CREATE INDEX refusal_open ON refusal (id) WHERE verdict IS NULL;

  -- What the run that is sending has heard: how many answers about readers, and how many that there is no such reader.
  ALTER TABLE sender ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sender ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;

  -- Readers to whom nothing is sent until an operator decides. The delivery has their address and the server's words.
  CREATE TABLE quarantine (
    list INTEGER NOT NULL REFERENCES list,
    key TEXT NOT NULL,
    delivery INTEGER NOT NULL REFERENCES delivery,
    since INTEGER NOT NULL,
    PRIMARY KEY (list, key)
  ) STRICT, WITHOUT ROWID;

  -- A reader who has left needs no decision any more, whichever command or mail it was.
  CREATE TRIGGER quarantine_ends AFTER INSERT ON suppression BEGIN
    DELETE FROM quarantine WHERE list = new.list AND key = new.key;
  END;
  `,
  `
  -- Mails that ask to leave in the name of an address, and that nothing proves to be from it. The id gives their order.
  CREATE TABLE leave_request (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES list,
    key TEXT NOT NULL,
    address TEXT NOT NULL,
    date INTEGER NOT NULL,
    message_id TEXT,
    UNIQUE (list, key)
  ) STRICT;

  CREATE TRIGGER leave_request_settled AFTER INSERT ON suppression BEGIN
    DELETE FROM leave_request WHERE list = new.list AND key = new.key;
  END;
  `,
  `
  -- Where the store lives; empty until it is opened. home.ts reads and writes it.
  ALTER TABLE store ADD COLUMN home TEXT;
  `,
  `
  -- One record an issue: what was a row of slot is in issue. An issue without a plan has no hash of its content.
  -- at: when the schedule sends it; NULL for an issue that no schedule sends. attempt: raised by every run and every plan
  -- that takes the issue in hand. is_runs: whether a run brought it into its state. digest_hash: of the digest for which
  -- approval was asked or given. told: the alerts about it, as JSON. why_code, why_since: of the fault that why tells of.
  ALTER TABLE issue ADD COLUMN state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'waiting', 'approved',
    'sending', 'sent', 'skipped', 'missed', 'empty', 'merged', 'expired'));
  ALTER TABLE issue ADD COLUMN at INTEGER;
  ALTER TABLE issue ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE issue ADD COLUMN is_runs INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE issue ADD COLUMN why TEXT;
  ALTER TABLE issue ADD COLUMN why_code TEXT;
  ALTER TABLE issue ADD COLUMN why_since INTEGER;
  ALTER TABLE issue ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE issue ADD COLUMN number INTEGER;
  ALTER TABLE issue ADD COLUMN told TEXT;
  ALTER TABLE issue ADD COLUMN digest_hash TEXT;
  ALTER TABLE issue ADD COLUMN held_at INTEGER;

  UPDATE issue SET
    changed_at = coalesce(planned_at, 0),
    state = iif(lost IS NOT NULL
      OR EXISTS (SELECT 1 FROM delivery WHERE delivery.issue = issue.id AND due IS NOT NULL)
      OR EXISTS (SELECT 1 FROM delivery WHERE lease_until IS NOT NULL AND delivery.issue = issue.id), 'sending', 'sent')
  WHERE planned_at IS NOT NULL OR lost IS NOT NULL;

  -- A slot whose sending had begun without a plan had been approved.
  INSERT INTO issue (newsletter, slot, content_hash, state, at, attempt, is_runs, why, changed_at, number, told)
  SELECT newsletter, slot, '',
    CASE state WHEN 'begun' THEN 'draft' WHEN 'built' THEN 'draft' WHEN 'sending' THEN 'approved' ELSE state END,
    at, attempt, 1, why, changed_at, number, told
  FROM slot WHERE true
  ON CONFLICT (newsletter, slot) DO UPDATE SET
    state = iif(planned_at IS NULL AND lost IS NULL, excluded.state, issue.state),
    at = excluded.at, attempt = excluded.attempt, is_runs = 1, changed_at = excluded.changed_at,
    why = iif(issue.state = 'sent', NULL, excluded.why),
    number = excluded.number, told = excluded.told;

  -- A draft takes no articles.
  DELETE FROM taken WHERE EXISTS (
    SELECT 1 FROM issue
    WHERE issue.newsletter = taken.newsletter AND issue.slot = taken.slot AND issue.state = 'draft');

  DROP TABLE slot;
  CREATE INDEX issue_at ON issue (newsletter, at);
  CREATE INDEX issue_open ON issue (newsletter) WHERE state IN ('draft', 'waiting', 'approved', 'sending');
  `,
  `
  -- Readers who want nothing before a moment.
  ALTER TABLE subscriber ADD COLUMN paused_until INTEGER;
  CREATE INDEX subscriber_paused ON subscriber (list, paused_until) WHERE paused_until IS NOT NULL;

  -- How a reader left, in words for an operator.
  ALTER TABLE suppression ADD COLUMN how TEXT;
  `,
  `
  -- Mails to single addresses that are no issue: to visitors and readers who asked for a link. The address and the text
  -- are gone once the mail is sent or given up; what is left counts for the budget of joins for 30 days. who, network:
  -- hashes under a key of the secret, in hexadecimal. lane: which part of the budget it counts for; NULL for a mail that
  -- a reader asked for. proof: the proof of work that was spent on it. A mail that is claimed and has no outcome may have
  -- been sent, and is never claimed again.
  CREATE TABLE mail (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES list,
    key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'sent', 'dropped', 'doubtful')),
    who TEXT NOT NULL,
    address TEXT,
    subject TEXT,
    text TEXT,
    html TEXT,
    lane TEXT CHECK (lane IN ('proved', 'unproved')),
    network TEXT,
    proof TEXT UNIQUE,
    put_at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    claimed_at INTEGER,
    UNIQUE (list, key)
  ) STRICT;
  CREATE INDEX mail_to ON mail (list, who, put_at);
  CREATE INDEX mail_from ON mail (list, network, put_at) WHERE network IS NOT NULL;
  CREATE INDEX mail_waiting ON mail (list, due) WHERE state = 'waiting';
  CREATE INDEX mail_claimed ON mail (list, claimed_at) WHERE claimed_at IS NOT NULL;

  -- Who asked to join, with the page and a hash of its wording; gone after seven days. The id is in the link of the
  -- confirming mail: the time in microseconds, so that none is given twice. is_weighed: whether the budget has decided
  -- about it, which it does after the visitor was answered. subscriber: whom the press on the link has subscribed.
  CREATE TABLE join_request (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES list,
    who TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    page TEXT NOT NULL,
    wording TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    network TEXT,
    proof TEXT,
    is_weighed INTEGER NOT NULL DEFAULT 0,
    subscriber INTEGER
  ) STRICT;
  CREATE INDEX join_request_open ON join_request (list, id) WHERE is_weighed = 0;
  CREATE INDEX join_request_of ON join_request (list, who);
  `,
  `
  -- Mails that were taken in, each by a hash of its beginning, so that the same mail changes nothing again. stays:
  -- whether it was left where it was.
  CREATE TABLE received_mail (
    list INTEGER NOT NULL REFERENCES list,
    hash BLOB NOT NULL CHECK (length(hash) = 16),
    stays INTEGER NOT NULL,
    PRIMARY KEY (list, hash)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Recipients are claimed in groups. members: a JSON array of the delivery's id and the Message-ID of each. boot: the
  -- kernel's id of the start of the machine. A delivery of an open group is as it was before the claim.
  CREATE TABLE delivery_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    issue INTEGER NOT NULL REFERENCES issue,
    run INTEGER,
    boot TEXT,
    members TEXT NOT NULL
  ) STRICT;

  -- What each turn of the sender says of a group: a JSON array of who begins and what became of others.
  CREATE TABLE delivery_turn (
    held INTEGER NOT NULL REFERENCES delivery_group ON DELETE CASCADE,
    turn INTEGER NOT NULL,
    at INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (held, turn)
  ) STRICT, WITHOUT ROWID;

  -- The runs of senders, with how many answers about readers each has heard, and how many that there is no such reader.
  CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    worker TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    answers INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO run (worker, began_at, answers, unknown) SELECT worker, since, answers, unknown FROM sender;
  DROP TABLE sender;

  -- A run of the former version that died.
  INSERT INTO delivery_event (delivery, at, what, reply)
  SELECT id, 1000 * unixepoch(), 'uncertain', 'the sender stopped before the server answered'
  FROM delivery WHERE lease_until IS NOT NULL AND state = 'sending';
  UPDATE delivery SET state = 'uncertain', lease_until = NULL, reply = 'the sender stopped before the server answered'
  WHERE lease_until IS NOT NULL AND state = 'sending';
  UPDATE delivery SET state = 'planned', due = 0, lease_until = NULL WHERE lease_until IS NOT NULL;

  DROP INDEX delivery_open;
  DROP INDEX delivery_state;
  ALTER TABLE delivery DROP COLUMN lease_until;
  ALTER TABLE delivery DROP COLUMN worker;
  ALTER TABLE delivery DROP COLUMN fence;

  -- Refused, and not judged yet.
  CREATE INDEX delivery_refused ON delivery (state, issue) WHERE state = 'claimed';

  -- How many deliveries of an issue are in each state.
  CREATE TABLE delivery_count (
    issue INTEGER NOT NULL REFERENCES issue,
    state TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (issue, state)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO delivery_count SELECT issue, state, count(*) FROM delivery GROUP BY issue, state;

  -- Deliveries that are accepted at the first attempt are counted by the group.
  CREATE TRIGGER delivery_counted AFTER UPDATE OF state ON delivery
  WHEN new.state <> old.state AND (old.state <> 'planned' OR new.state <> 'accepted') BEGIN
    UPDATE delivery_count SET count = count - 1 WHERE issue = old.issue AND state = old.state;
    INSERT INTO delivery_count (issue, state, count) VALUES (new.issue, new.state, 1)
      ON CONFLICT DO UPDATE SET count = count + 1;
  END;
  `,
  `
  -- What servers refused, until the end of the run decides: then the delivery is no longer claimed, and verdict says what
  -- was decided. again: the refusal doesn't count. run: NULL for a message that came back. cause: whose fault it is.
  ALTER TABLE refusal RENAME TO refusal_before;
  CREATE TABLE refusal (
    id INTEGER PRIMARY KEY,
    delivery INTEGER NOT NULL REFERENCES delivery,
    at INTEGER NOT NULL,
    run INTEGER REFERENCES run,
    is_unknown INTEGER NOT NULL DEFAULT 1,
    cause TEXT,
    verdict TEXT CHECK (verdict IN ('suppress', 'keep', 'quarantine', 'again'))
  ) STRICT;
  INSERT INTO refusal (id, delivery, at, verdict) SELECT id, delivery, at, coalesce(verdict, 'keep') FROM refusal_before;
  DROP TABLE refusal_before;
  CREATE INDEX refusal_of ON refusal (delivery);
  CREATE INDEX refusal_open ON refusal (id) WHERE verdict IS NULL;
  CREATE INDEX refusal_by_run ON refusal (run, verdict) WHERE run IS NOT NULL;

  -- Whose fault the state is, and which run was told so.
  ALTER TABLE delivery ADD COLUMN cause TEXT;
  ALTER TABLE delivery_event ADD COLUMN cause TEXT;
  ALTER TABLE delivery_event ADD COLUMN run INTEGER;
  ALTER TABLE delivery DROP COLUMN open_refusals;
  ALTER TABLE delivery DROP COLUMN refused_at;

  -- accepted: how many messages. is_contradicted: whether the server accepted readers whom it had refused. restored_at:
  -- when what it did to the list was taken back.
  ALTER TABLE run ADD COLUMN issue INTEGER REFERENCES issue;
  ALTER TABLE run ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN is_contradicted INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE run ADD COLUMN restored_at INTEGER;
  ALTER TABLE run DROP COLUMN answers;
  ALTER TABLE run DROP COLUMN unknown;
  CREATE INDEX run_of ON run (issue) WHERE issue IS NOT NULL;
  `,
  `
  -- What runs have learned of an account at a relay: the rate that it takes in messages a second, and how many messages
  -- it accepted, as a JSON array of when ten minutes began and a number.
  CREATE TABLE relay (
    account TEXT PRIMARY KEY,
    rate REAL,
    sent TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- The first readers of an issue show whether the rest should get it: when they are judged, and the verdict.
  ALTER TABLE issue ADD COLUMN canary_until INTEGER;
  ALTER TABLE issue ADD COLUMN canary_verdict TEXT CHECK (canary_verdict IN ('passed', 'held'));
  `,
  `
  -- A keyed hash of what the config adds to each message: senders with another one would send something else.
  ALTER TABLE issue ADD COLUMN settings_hash TEXT;
  `,
];
