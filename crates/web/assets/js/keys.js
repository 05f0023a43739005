// Single keys press what carries them (`data-key="c"`), never while typing and never with a modifier. They can be
// switched off, because a voice program or a resting hand presses letters too. `?` shows which there are.
const dialog = document.getElementById("keys");
const box = dialog?.querySelector("[data-keys-on]");
const name = "kith-keys-off";
const off = () => localStorage.getItem(name) === "1";
const typing = (at) => at.closest?.("input, textarea, select, [contenteditable], dialog[open]");
const carriers = () => [...document.querySelectorAll("[data-key]")].filter((e) => e.checkVisibility?.() ?? true);
const words = (element) => {
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, .count")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
};

const overview = () => {
  const list = dialog.querySelector("[data-keys-list]");
  const lines = carriers().map((e) => [e.dataset.key.toUpperCase(), words(e)]);
  lines.push(["J", "Next in the list"], ["K", "The one before"], ["X", "Choose it, or not"], ["/", "Find or do, also Ctrl K"], ["?", "This overview"]);
  list.replaceChildren(...lines.flatMap(([key, says]) => {
    const dt = document.createElement("dt"), kbd = document.createElement("kbd"), dd = document.createElement("dd");
    kbd.textContent = key;
    dt.append(kbd);
    dd.textContent = says;
    return [dt, dd];
  }));
  box.checked = !off();
  dialog.showModal();
};

const step = (by) => {
  const rows = [...document.querySelectorAll(".row .name")];
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
};

if (dialog) {
  box.addEventListener("change", () => localStorage.setItem(name, box.checked ? "0" : "1"));
  for (const opener of document.querySelectorAll("[data-open-keys]")) {
    opener.hidden = false;
    opener.addEventListener("click", overview);
  }
}
// A key that leads to another page does so when it is let go: on a busy machine, or under a finger that stays, its letter
// would be written into the field that the next page begins with.
let held = null;
addEventListener("keyup", (event) => {
  const target = held?.key === event.key.toLowerCase() ? held.target : null;
  held = null;
  if (target && !typing(event.target)) target.click();
});
addEventListener("keydown", (event) => {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (event.key === "?" && dialog) { event.preventDefault(); overview(); return; }
  if (event.key === "/") { event.preventDefault(); document.querySelector("[data-open-palette]")?.click(); return; }
  if (event.key === "j" || event.key === "k") { step(event.key === "j" ? 1 : -1); return; }
  // X chooses the row at hand.
  const row = event.key === "x" && document.activeElement.closest(".row")?.querySelector("[data-pick]");
  if (row) { event.preventDefault(); row.click(); return; }
  const target = carriers().find((e) => e.dataset.key === event.key.toLowerCase());
  if (!target) return;
  event.preventDefault();
  const place = target.getAttribute("href");
  const isHere = target.tagName === "SUMMARY" || place?.startsWith("#") || target.type === "button";
  if (!isHere) { held = { key: event.key.toLowerCase(), target }; return; }
  if (event.repeat) return;
  target.click();
  // A key that leads to a field leaves the hands in it.
  const fold = target.tagName === "SUMMARY" && target.parentElement.open && target.parentElement;
  if (fold) fold.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  if (place?.startsWith("#")) document.getElementById(place.slice(1))?.focus();
});
