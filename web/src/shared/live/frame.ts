/** What comes more often than a screen is drawn is done once for each time that it is. */

/** A page that nobody looks at is not drawn: then it is done after this long. */
const UNSEEN_MS = 250;

/** Asked for any number of times, `act` is done once, with the next frame. */
export function perFrame(act: () => void): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
    act();
  };
  return () => {
    if (timer !== undefined) return;
    frame = requestAnimationFrame(run);
    timer = setTimeout(run, UNSEEN_MS);
  };
}
