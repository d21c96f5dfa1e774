"use strict";
// Light, dark, or as the system says: a choice for this view, kept nowhere.
(() => {
  const button = document.getElementById("theme");
  if (!button) return;
  const order = ["auto", "light", "dark"];
  let at = 0;
  button.addEventListener("click", () => {
    at = (at + 1) % order.length;
    const theme = order[at];
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  });
})();
