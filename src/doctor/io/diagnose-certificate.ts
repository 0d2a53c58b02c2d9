import type { TLSSocket } from "node:tls";
import { type Diagnosis, look, ok } from "../diagnosis.ts";
import type { SmtpServer } from "../../delivery/io/smtp/smtp-url.ts";

const DAY_MS = 86_400_000;
/** Whoever renews by hand needs some days, and what renews by itself has failed by then. */
const FEW_DAYS = 14;

/** How the connection is encrypted, and for how long its certificate will do. */
export function diagnoseCertificate(socket: TLSSocket, server: SmtpServer, now: Date): Diagnosis {
  const how = `${socket.getProtocol() ?? "TLS"}${server.isImplicitTls ? "" : " by STARTTLS"}`;
  if (!socket.authorized) {
    const says = `${how}, and nobody vouches for the certificate, which is let pass on this machine`;
    return look("Encryption", says, "name the certificate of its authority in NODE_EXTRA_CA_CERTS");
  }
  const days = Math.floor(
    (Date.parse(socket.getPeerCertificate().valid_to) - now.getTime()) / DAY_MS,
  );
  const says = `${how}, the certificate is good for ${days} more ${days === 1 ? "day" : "days"}`;
  if (days >= FEW_DAYS) return ok("Encryption", says);
  return look("Encryption", says, "have it renewed by whoever runs the server");
}
