import { generateKeyPairSync, sign } from "node:crypto";

/**
 * A fresh key and a certificate that signs itself, for `localhost` and 127.0.0.1: an authority that
 * nobody trusts until a test says so. Written out in DER (RFC 5280), because Node has no call for it.
 */
export function selfSignedCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("2a8648ce3d040302")); // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(oid("550403"), utf8("localhost"))));
  const extensions = sequence(
    sequence(oid("551d13"), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))), // CA: true
    sequence(
      oid("551d11"), // subjectAltName
      der(
        0x04,
        sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1]))),
      ),
    ),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // X.509 v3
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(utcTime("200101000000Z"), utcTime("491231235959Z")),
    name,
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, extensions),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]);
  const certificate = sequence(body, algorithm, der(0x03, signature)).toString("base64");
  const lines = (certificate.match(/.{1,64}/g) ?? []).join("\n");
  return {
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
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
