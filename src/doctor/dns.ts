/** A mail server of a domain (RFC 5321 §5.1). An exchange of "" takes no mail (RFC 7505). */
interface MailExchange {
  readonly exchange: string;
  readonly priority: number;
}

/**
 * Answers of the DNS. An empty answer means that there is no such record.
 * @throws DnsFailure if there is no answer.
 */
export interface Dns {
  /** Each record as one text; long ones are stored in pieces (RFC 7208 §3.3). */
  txt(name: string): Promise<readonly string[]>;
  mx(name: string): Promise<readonly MailExchange[]>;
  /** IPv4 and IPv6 addresses. */
  addresses(name: string): Promise<readonly string[]>;
}

/** The query failed, so it is unknown whether the record exists. */
export class DnsFailure extends Error {
  override readonly name = "DnsFailure";

  /** `why` continues "the DNS", for example "doesn't answer in time". */
  constructor(why: string, options?: ErrorOptions) {
    super(`the DNS ${why}`, options);
  }
}
