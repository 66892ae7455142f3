import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { limits } from "../../contracts/limits.ts";
import { Malformed, type AddParameter } from "./parameters.ts";

/** How much is read before it is seen whether a limit is passed: what comes behind one is not read at all. */
const pieceBytes = 16_384;

/** The fields of a multipart body; its files are passed over: a lead has none. Rejects with Malformed. */
export async function readMultipart(body: Buffer, contentType: string, add: AddParameter): Promise<void> {
  const { parametersMax, bodyBytesMax } = limits;
  const troubles: Error[] = [];
  const fail = (error: Error): void => void troubles.push(error);
  let parser: BusboyInstance;
  try {
    const sizes = { fieldSize: bodyBytesMax, fileSize: bodyBytesMax, headerPairs: 100, headerSize: pieceBytes };
    parser = new Busboy({
      headers: { "content-type": contentType },
      limits: { ...sizes, fields: parametersMax, parts: parametersMax },
    });
  } catch (error) {
    throw unreadable(error);
  }
  const tooMany = (): void => fail(new Malformed(`There are more than ${parametersMax} parameters`));
  const ended = new Promise<void>((end) => {
    parser
      .on("field", (name: string | undefined, value) => {
        try {
          if (troubles.length === 0 && name !== undefined) add(name, value);
        } catch (error) {
          fail(error as Error);
        }
      })
      .on("fieldsLimit", tooMany)
      .on("partsLimit", tooMany)
      .on("error", (error) => {
        fail(unreadable(error));
        end();
      })
      .on("finish", end);
  });
  for (let at = 0; at < body.length && troubles.length === 0; at += pieceBytes)
    await new Promise<void>((next) => void parser.write(body.subarray(at, at + pieceBytes), () => next()));
  if (troubles.length === 0) {
    parser.end();
    await ended;
  }
  const [first] = troubles;
  if (first !== undefined) throw first;
}

function unreadable(error: unknown): Malformed {
  return new Malformed(`The multipart body can't be read: ${(error as Error).message.slice(0, 200)}`);
}
