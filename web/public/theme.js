// Before the first paint: the theme and the language that this device has chosen, or the system's.
{
  const chosen = JSON.parse(localStorage.getItem("bayan.settings") ?? "{}");
  const dark = chosen.theme ? chosen.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.documentElement.dataset.rising = chosen.rising === "green" ? "green" : "red";
  if (chosen.language === "en") document.documentElement.lang = "en";
}
