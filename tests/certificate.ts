import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/*
 * Certificates in DER (RFC 5280), because Node has no call that writes them: one that signs itself, and a
 * chain of root, intermediate and server as real ones come.
 */

/** Of one certificate; what is left out is good. */
interface Wanted {
  /** `localhost`, 127.0.0.1 and 0.0.0.0 by default. */
  readonly host?: string;
  /** `YYMMDDhhmmssZ` */
  readonly from?: string;
  readonly until?: string;
}

interface Pair {
  readonly key: string;
  /** With the intermediate's behind it, where there is one. */
  readonly cert: string;
}

/** An authority with an intermediate, as those that everybody trusts are built. */
export interface Authority {
  /** What a client has to trust: the root's certificate alone. */
  readonly root: string;
  issue(wanted?: Wanted): Pair;
  /** The same without the intermediate, as servers send it that are badly set up. */
  issueAlone(): Pair;
}

interface Party {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * A fresh key and a certificate that signs itself, for `localhost` and 127.0.0.1: an authority that
 * nobody trusts until a test says so.
 */
export function selfSignedCertificate(): Pair {
  const self = party("localhost");
  return pair(self, certificate(self, self, { isAuthority: true, names: NAMES }));
}

export function certificateAuthority(name = "Tidewater"): Authority {
  const root = party(`${name} Root`);
  const intermediate = party(`${name} Issuing`);
  const middle = certificate(intermediate, root, { isAuthority: true });
  return {
    root: certificate(root, root, { isAuthority: true }),
    issue: (wanted) => {
      const { key, cert } = issued(intermediate, wanted);
      return { key, cert: cert + middle };
    },
    issueAlone: () => issued(intermediate),
  };
}

function issued(issuer: Party, { host, ...period }: Wanted = {}): Pair {
  const server = party(host ?? "localhost");
  const names = host === undefined ? NAMES : [der(0x82, Buffer.from(host))];
  return pair(server, certificate(server, issuer, { isAuthority: false, names, ...period }));
}

function party(name: string): Party {
  return { name, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function pair({ privateKey }: Party, cert: string): Pair {
  return { key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(), cert };
}

interface Contents extends Wanted {
  readonly isAuthority: boolean;
  readonly names?: readonly Buffer[];
}

let serial = 0;

/** That `issuer` says whose the key of `subject` is, in PEM. */
function certificate(subject: Party, issuer: Party, contents: Contents): string {
  const { from = "200101000000Z", until = "491231235959Z" } = contents;
  const algorithm = sequence(oid("2a8648ce3d040302")); // ecdsa-with-SHA256
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // X.509 v3
    der(0x02, Buffer.from([++serial])),
    algorithm,
    nameOf(issuer),
    sequence(utcTime(from), utcTime(until)),
    nameOf(subject),
    subject.publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, extensions(contents)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, issuer.privateKey)]);
  const text = sequence(body, algorithm, der(0x03, signature)).toString("base64");
  const lines = (text.match(/.{1,64}/g) ?? []).join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensions({ isAuthority, names = [] }: Contents): Buffer {
  const constraints = isAuthority ? sequence(der(0x01, Buffer.from([0xff]))) : sequence();
  const alternatives = sequence(oid("551d11"), der(0x04, sequence(...names)));
  return sequence(
    sequence(oid("551d13"), der(0x04, constraints)),
    ...(names.length > 0 ? [alternatives] : []),
  );
}

/** dNSName and iPAddress (RFC 5280 §4.2.1.6). 0.0.0.0 reaches this machine, and isn't taken for it. */
const NAMES = [
  der(0x82, Buffer.from("localhost")),
  der(0x87, Buffer.from([127, 0, 0, 1])),
  der(0x87, Buffer.from([0, 0, 0, 0])),
];

function nameOf({ name }: Party): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), utf8(name))));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text));
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}
