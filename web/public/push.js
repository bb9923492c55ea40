/* What arrives by push is shown, and a tap on it leads to where it happened. Part of the service worker. */

self.addEventListener("push", (event) => {
  if (!event.data) return;
  const { title, body, path, tag } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, renotify: true, icon: "/icon-192.png", data: { path } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { path } = event.notification.data;
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      // An app that is open goes there itself: it keeps what it has half written.
      if (pages[0]) {
        await pages[0].focus();
        pages[0].postMessage({ go: path });
      } else await self.clients.openWindow(path);
    })(),
  );
});
