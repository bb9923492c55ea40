/** For whom this page speaks. The session's cookie is that of all tabs, and another one may have replaced it: the exchange compares. */

interface Speaker {
  user: number;
  over: () => void;
}
let speaker: Speaker | undefined;

/** From now on the page speaks for this user, and `over` hears when the exchange says otherwise; left out: for nobody. */
export function speakFor(user?: number, over: () => void = () => undefined): void {
  speaker = user === undefined ? undefined : { user, over };
}

/** What each call says of it. */
export function spokenFor(): Record<string, string> {
  return speaker ? { "Expected-User": String(speaker.user) } : {};
}

/** Of a call that begins now: to be called where it hears that the session is over. One who has signed in anew meanwhile is not meant. */
export function whoseWord(): () => void {
  const by = speaker;
  return () => {
    if (by && by === speaker) by.over();
  };
}
