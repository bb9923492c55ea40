/** Long work in pieces: between two of them the page answers a touch and draws. */

import { onUnmounted, type Ref, ref, watch } from "vue";

/** Goes on as a task of its own. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(undefined);
  });
}

/** Counts from 0 up to `last` once there is something to show, a task at a time: a large screen comes in so many pieces. */
export function usePieces(last: number, ready: () => boolean = () => true): Ref<number> {
  const piece = ref(0);
  let here = true;
  onUnmounted(() => (here = false));
  const count = async () => {
    while (here && piece.value < last) {
      await pause();
      piece.value += 1;
    }
  };
  const stop = watch(ready, (is) => is && void count().then(() => stop()), { immediate: true });
  return piece;
}
