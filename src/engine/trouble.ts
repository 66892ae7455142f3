/** Something that goes on for a while and would be said again and again: it is said once a minute, and once when it is over. */
export type Trouble = {
  /** It was met once more. */
  readonly met: () => void;
  /** It was looked for and is not there (any more). */
  readonly over: () => void;
  readonly isOn: () => boolean;
};

export type TroubleWords = {
  /** `times`: how often it was met since it was last said. */
  readonly say: (times: number) => void;
  /** Only after it was said. `seconds`: how long it lasted. */
  readonly sayOver: (seconds: number, times: number) => void;
};

const sayEveryMs = 60_000;

/** @param nowMs a clock that goes on evenly. */
export function createTrouble(words: TroubleWords, nowMs: () => number): Trouble {
  let since: number | null = null;
  let saidAt = Number.NEGATIVE_INFINITY;
  let isSaid = false;
  let unsaid = 0;
  let times = 0;
  return {
    met: () => {
      since ??= nowMs();
      unsaid++;
      times++;
      if (nowMs() - saidAt < sayEveryMs) return;
      saidAt = nowMs();
      isSaid = true;
      words.say(unsaid);
      unsaid = 0;
    },
    over: () => {
      if (since === null) return;
      // one that comes and goes within the minute is said with the next
      if (isSaid) words.sayOver(Math.round((nowMs() - since) / 1_000), times);
      if (isSaid) [unsaid, times] = [0, 0];
      [since, isSaid] = [null, false];
    },
    isOn: () => since !== null,
  };
}
