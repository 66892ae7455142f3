import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** `good` is for localhost, 127.0.0.1, ::1 and *.example.com. Each is signed by `testAuthority()`, but `self_signed`. */
export type CertificateKind = "good" | "expired" | "not_yet" | "wrong_host" | "self_signed" | "other_authority";

export type Certificate = { readonly cert: string; readonly key: string };

/**
 * A certificate and key of the test's own making, in PEM. Written in DER by hand (RFC 5280, ECDSA on P-256), so that a
 * machine needs no openssl and an expired certificate can be made on any day.
 */
export function testCertificate(kind: CertificateKind): Certificate {
  let made = certificates.get(kind);
  if (made === undefined) certificates.set(kind, (made = make(kind)));
  return made;
}

/** The PEM certificate to trust when the receiver's is to be believed. */
export function testAuthority(): string {
  return authority().cert;
}

const certificates = new Map<CertificateKind, Certificate>();
const day = 86_400_000;

function make(kind: CertificateKind): Certificate {
  const issuer = kind === "self_signed" ? null : kind === "other_authority" ? newAuthority("Other CA") : authority();
  const from = kind === "not_yet" ? 10 : kind === "expired" ? -20 : -1;
  const { cert, key } = issue({
    name: "Patchbay test vendor",
    hosts: kind === "wrong_host" ? ["DNS:elsewhere.example.com"] : goodHosts,
    from: new Date(Date.now() + from * day),
    to: new Date(Date.now() + (from + 11) * day),
    issuer,
    isAuthority: false,
  });
  return { cert, key };
}

const goodHosts = ["DNS:localhost", "DNS:*.example.com", "DNS:example.com", "IP:127.0.0.1", "IP:::1"];

type Issuer = Certificate & { readonly name: string; readonly privateKey: KeyObject };

let madeAuthority: Issuer | undefined;
function authority(): Issuer {
  return (madeAuthority ??= newAuthority("Patchbay test CA"));
}

function newAuthority(name: string): Issuer {
  const from = new Date(Date.now() - 100 * day);
  const to = new Date(Date.now() + 100 * day);
  return issue({ name, hosts: [], from, to, issuer: null, isAuthority: true });
}

type Wanted = {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly from: Date;
  readonly to: Date;
  readonly issuer: Issuer | null;
  readonly isAuthority: boolean;
};

function issue({ name, hosts, from, to, issuer, isAuthority }: Wanted): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
  const extensions = [extension("2.5.29.19", sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : [])))];
  if (hosts.length > 0) extensions.push(extension("2.5.29.17", sequence(...hosts.map(alternativeName))));
  const toBeSigned = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(time(from), time(to)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", toBeSigned, issuer?.privateKey ?? privateKey);
  const certificate = sequence(toBeSigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  return { name, privateKey, key, cert: pem(certificate) };
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function alternativeName(host: string): Buffer {
  if (host.startsWith("DNS:")) return der(0x82, Buffer.from(host.slice(4)));
  const address = host.slice(3);
  if (address.includes(":")) return der(0x87, Buffer.from([...Array.from({ length: 15 }, () => 0), 1])); // ::1
  return der(0x87, Buffer.from(address.split(".").map(Number)));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, Buffer.from(commonName)))));
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(digits)); // GeneralizedTime
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
