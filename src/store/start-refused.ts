/** A start that can't go on. The message is for the person at the terminal: what is wrong, where, and what to do. */
export class StartRefused extends Error {
  override readonly name = "StartRefused";
}
