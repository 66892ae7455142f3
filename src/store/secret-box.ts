import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/** Where sealed values belong. They open nowhere else, so that nobody can move them from one row to another. */
export type SecretRow = { readonly table: string; readonly account: number; readonly id: number };

export type SecretBox = {
  /** Names the key without telling anything about it: 32 hexadecimal digits. */
  readonly fingerprint: string;
  readonly seal: (values: Readonly<Record<string, string>>, row: SecretRow) => Uint8Array;
  /** Throws when the bytes were changed, come from another row, or were sealed with another key. */
  readonly open: (sealed: Uint8Array, row: SecretRow) => Record<string, string>;
};

// version (1 byte), key id (8), nonce (12), tag (16), ciphertext. The key id is there for the day keys are rotated.
const version = 1;
const [keyIdAt, nonceAt, tagAt, textAt] = [1, 9, 21, 37];

/** Seals secrets at rest by AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. `key`: 32 bytes. */
export function createSecretBox(key: Uint8Array): SecretBox {
  if (key.length !== 32) throw new Error(`A secret key has 32 bytes, not ${key.length}.`);
  const fingerprint = createHmac("sha256", key).update("patchbay secret key fingerprint").digest("hex").slice(0, 32);
  const keyId = Buffer.from(fingerprint.slice(0, 16), "hex");
  const header = Buffer.concat([Buffer.of(version), keyId]);

  return {
    fingerprint,
    seal: (values, row) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      cipher.setAAD(associatedData(header, row));
      const text = Buffer.concat([cipher.update(JSON.stringify(values), "utf8"), cipher.final()]);
      return Buffer.concat([header, nonce, cipher.getAuthTag(), text]);
    },
    open: (sealed, row) => {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const where = `${row.table} ${row.id} of account ${row.account}`;
      if (bytes.length < textAt || bytes[0] !== version)
        throw new Error(`The secrets of ${where} aren't sealed bytes.`);
      if (!bytes.subarray(keyIdAt, nonceAt).equals(keyId)) {
        throw new Error(
          `The secrets of ${where} were sealed with another key (${bytes.toString("hex", keyIdAt, nonceAt)}…).`,
        );
      }
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(nonceAt, tagAt), { authTagLength: 16 });
      decipher.setAAD(associatedData(header, row));
      decipher.setAuthTag(bytes.subarray(tagAt, textAt));
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]);
        return JSON.parse(text.toString("utf8")) as Record<string, string>;
      } catch (cause) {
        throw new Error(`The secrets of ${where} were changed, or belong to another row.`, { cause });
      }
    },
  };
}

function associatedData(header: Uint8Array, { table, account, id }: SecretRow): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([table, account, id]))]);
}
