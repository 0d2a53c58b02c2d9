/**
 * What holds for a field of a header. `once`: a message has one at most. `needed`: every message has one; `ofList`:
 * every message of a newsletter. `signed`: our signatures cover it; `oversigned`: they name it once more than it is there,
 * so that nobody can add another. `vital`: what a reader goes by, or leaves by, which any signature must cover.
 */
type Mark = "once" | "needed" | "ofList" | "signed" | "oversigned" | "vital";

interface KnownField {
  readonly name: string;
  /** Who says what it is. */
  readonly source: string;
  readonly marks: ReadonlySet<Mark>;
}

function field(name: string, source: string, ...marks: readonly Mark[]): KnownField {
  return { name, source, marks: new Set(marks) };
}

/** The fields that we write, sign or check, in the order in which a signature names them. RFC 8058 §4 wants both of List-Unsubscribe in it. */
const FIELDS: readonly KnownField[] = [
  field("From", "RFC 5322 §3.6.2", "once", "needed", "vital", "signed", "oversigned"),
  field("Sender", "RFC 5322 §3.6.2", "once"),
  field("Reply-To", "RFC 5322 §3.6.2", "once", "signed", "oversigned"),
  field("To", "RFC 5322 §3.6.3", "once", "needed", "vital", "signed", "oversigned"),
  field("Cc", "RFC 5322 §3.6.3", "once", "signed"),
  field("Bcc", "RFC 5322 §3.6.3", "once"),
  field("Subject", "RFC 5322 §3.6.5", "once", "needed", "vital", "signed", "oversigned"),
  field("Date", "RFC 5322 §3.6.1", "once", "needed", "vital", "signed", "oversigned"),
  field("Message-ID", "RFC 5322 §3.6.4", "once", "needed", "vital", "signed"),
  field("In-Reply-To", "RFC 5322 §3.6.4", "once"),
  field("References", "RFC 5322 §3.6.4", "once"),
  field("List-Id", "RFC 2919 §3", "once", "ofList", "vital", "signed"),
  field("List-Unsubscribe", "RFC 2369 §3.2", "once", "ofList", "vital", "signed"),
  field("List-Unsubscribe-Post", "RFC 8058 §3.1", "once", "vital", "signed"),
  field("List-Help", "RFC 2369 §3.1", "once", "ofList", "signed"),
  field("List-Archive", "RFC 2369 §3.6", "once", "signed"),
  field("List-Post", "RFC 2369 §3.4", "once", "ofList", "signed"),
  field("Auto-Submitted", "RFC 3834 §5", "once", "ofList", "signed"),
  field("Feedback-ID", "Gmail, Feedback Loop", "ofList", "vital", "signed"),
  field("MIME-Version", "RFC 2045 §4", "once", "needed", "vital", "signed"),
  field("Content-Type", "RFC 2045 §5", "once", "needed", "vital", "signed", "oversigned"),
  field("Content-Transfer-Encoding", "RFC 2045 §6", "once", "signed"),
];

/** The names of the fields that something holds for. */
export function fieldsThatAre(mark: Mark): readonly string[] {
  return FIELDS.filter(({ marks }) => marks.has(mark)).map(({ name }) => name);
}
