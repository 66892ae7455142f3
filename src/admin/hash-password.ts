import { hashPassword as hash } from "better-auth/crypto";
import { ProblemError } from "../core/problem-error.ts";

/** As the sign-in library hashes passwords (scrypt with a salt), so that it can check them. Takes 12 to 128 characters. */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < 12 || password.length > 128) {
    throw new ProblemError("bad_input", { errors: [{ path: "password", message: "use 12 to 128 characters" }] });
  }
  return hash(password);
}
