// Before the first paint: the theme and the language that this device has chosen, or the system's; and how the page looks until
// the app is there, in one file, since each that the first paint waits for costs a way through the network.
{
  const chosen = JSON.parse(localStorage.getItem("bayan.settings") ?? "{}");
  const dark = chosen.theme ? chosen.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.dataset.rising = chosen.rising === "green" ? "green" : "red";
  if (chosen.language === "en") document.documentElement.lang = "en";
  // Its colours are those of tokens.css.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    html { background: #f5f6f8; color: #101828; font-family: Inter, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif }
    html[data-theme="dark"] { background: #0c1118; color: #eef2f6 }
    body { margin: 0 }
    .first { padding: 24px 16px; max-width: 720px; margin: 0 auto }
    .first p { margin: 8px 0 4px; font-size: 20px; font-weight: 600 } .first .quiet { font-size: 16px; font-weight: 400; opacity: .75 }
    .first i { display: block; height: 72px; margin-top: 12px; border-radius: 12px; background: currentColor; opacity: .06 }
    .first img { border-radius: 8px }
  `);
  document.adoptedStyleSheets = [style];

  // What the first screen surely asks for is asked for at once, and not when the scripts that want it have run.
  const [, place, more] = location.pathname.split("/");
  const ask = (rel, href, more) => document.head.append(Object.assign(document.createElement("link"), { rel, href, crossOrigin: "anonymous" }, more));
  for (const file of JSON.parse(document.head.dataset.screens ?? "{}")[more ? `${place}/` : place || "markets"] ?? [])
    if (file.endsWith(".css")) ask("preload", file, { as: "style" });
    else ask("modulepreload", file, { fetchPriority: "low" });
  if (localStorage.getItem("bayan.session")) ask("preload", "/api/v1/sessions/current", { as: "fetch" });
}
