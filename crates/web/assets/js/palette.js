// Find or do (Ctrl K): people and pages the server finds (`/find?q=` answers [{label, kind, href}]), then the acts of
// this page by their words. A list box of links: arrows move, Enter goes, Escape closes.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const status = dialog?.querySelector("[role=status]");
let found = [];
let at = 0;
let asked = 0;

// What an act is called: its words without its key and its count.
const words = (element) => {
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, .count, svg")) extra.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
};
// What carries a key, what is marked as an act, the rail, and the buttons of the page that stand in no list.
const DOES = "[data-key], [data-act], .rail li a, main form:not([data-bulk]) > .acts button, main .head .acts button";
const acts = (query) => {
  const named = new Map();
  for (const element of document.querySelectorAll(DOES)) {
    const label = element.dataset.says || words(element);
    const there = element.checkVisibility?.() ?? true;
    if (label && !named.has(label) && (there || element.closest("details"))) named.set(label, { label, kind: "do", element });
  }
  return [...named.values()].filter((act) => act.label.toLowerCase().includes(query.toLowerCase()));
};

const mark = (to) => {
  at = Math.max(0, Math.min(found.length - 1, to));
  [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
  const chosen = list.children[at];
  input.setAttribute("aria-activedescendant", chosen?.id ?? "");
  chosen?.scrollIntoView({ block: "nearest" });
};
const go = (one) => {
  dialog.close();
  if (one?.href) { location.href = one.href; return; }
  // A button of a form is gone to, not pressed: what it sends is filled in first.
  const element = one?.element;
  if (!element?.matches("form button") || element.dataset.key) { element?.click(); return; }
  element.closest("details")?.setAttribute("open", "");
  const first = element.form?.querySelector("input:not([type=hidden]), select, textarea") ?? element;
  first.scrollIntoView({ block: "center" });
  first.focus();
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
