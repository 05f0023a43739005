// Find or do (Ctrl K): people and pages the server finds (`/find?q=` answers [{label, kind, href}]), then the acts of
// this page by their words. A list box of links: arrows move, Enter goes, Escape closes.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const status = dialog?.querySelector("[role=status]");
let found = [];
let at = 0;
let asked = 0;

const acts = (query) => [...document.querySelectorAll("[data-key], .rail li a")]
  .map((element) => ({ label: element.dataset.says || element.firstChild?.nextSibling?.textContent?.trim() || element.textContent.trim(), kind: "do", element }))
  .filter((act) => act.label.toLowerCase().includes(query.toLowerCase()));

const mark = (to) => {
  at = Math.max(0, Math.min(found.length - 1, to));
  [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
  const chosen = list.children[at];
  input.setAttribute("aria-activedescendant", chosen?.id ?? "");
  chosen?.scrollIntoView({ block: "nearest" });
};
const go = (one) => {
  dialog.close();
  if (one?.href) location.href = one.href;
  else one?.element?.click();
};
const show = (all) => {
  found = all.slice(0, 12);
  list.replaceChildren(...found.map((one, i) => {
    const li = document.createElement("li"), label = document.createElement("span"), kind = document.createElement("span");
    li.id = `found-${i}`;
    li.setAttribute("role", "option");
    label.textContent = one.label;
    kind.textContent = one.kind;
    kind.className = "muted xs";
    li.append(label, kind);
    li.addEventListener("click", () => go(one));
    return li;
  }));
  status.textContent = found.length ? "" : "Nothing here by that name. It may be there and not yours to see.";
  mark(0);
};
const ask = async () => {
  const query = input.value.trim();
  const turn = ++asked;
  const own = acts(query);
  show(own);
  if (query.length < 2) return;
  try {
    const answer = await fetch(`/find?${new URLSearchParams({ q: query })}`, { headers: { accept: "application/json" } });
    const people = answer.ok && !answer.redirected ? await answer.json() : [];
    // An answer that was overtaken by a later question is dropped. Only addresses of our own are gone to.
    if (turn === asked) show([...people.filter((p) => /^\/(?!\/)/.test(p.href)), ...own]);
  } catch {
    if (turn === asked && !own.length) status.textContent = "The search does not answer. Try again in a moment.";
  }
};
if (dialog) {
  const open = () => { input.value = ""; dialog.showModal(); ask(); };
  for (const opener of document.querySelectorAll("[data-open-palette]")) {
    opener.hidden = false;
    opener.addEventListener("click", open);
  }
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); if (!dialog.open) open(); }
  });
  input.addEventListener("input", ask);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    else if (event.key === "Enter") { event.preventDefault(); go(found[at]); }
  });
}
