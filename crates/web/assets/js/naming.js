// Naming a colleague: after an @ at the beginning of a word those who fit are shown under the note. Arrows move, Enter or
// Tab puts the name in, Escape closes. Without this the names stand in a list beside the note, and are typed.
const note = document.getElementById("note");
const known = [...document.querySelectorAll("[data-handles] [data-handle]")].map((li) => [li.dataset.handle, li.textContent]);
if (note && known.length) {
  const list = document.createElement("ul");
  list.className = "offered";
  list.id = "note-offered";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Colleagues");
  list.hidden = true;
  note.after(list);
  note.setAttribute("aria-controls", list.id);
  note.setAttribute("aria-autocomplete", "list");
  let at = 0;
  const typed = () => /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}._-]*)$/u.exec(note.value.slice(0, note.selectionStart))?.[1];
  const close = () => { list.hidden = true; note.removeAttribute("aria-activedescendant"); };
  const mark = (to) => {
    at = Math.max(0, Math.min(list.children.length - 1, to));
    [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
    note.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const put = (handle) => {
    const from = note.selectionStart - typed().length;
    note.setRangeText(`${handle} `, from, note.selectionStart, "end");
    close();
    note.focus();
    note.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const offer = () => {
    const query = typed()?.toLowerCase();
    const fits = query === undefined ? [] : known.filter(([, words]) => words.toLowerCase().includes(query)).slice(0, 6);
    list.replaceChildren(...fits.map(([handle, words], i) => {
      const li = document.createElement("li");
      li.id = `offered-${i}`;
      li.setAttribute("role", "option");
      li.textContent = words;
      li.addEventListener("pointerdown", (event) => { event.preventDefault(); put(handle); });
      li.dataset.handle = handle;
      return li;
    }));
    if (!fits.length) { close(); return; }
    list.hidden = false;
    mark(0);
  };
  note.addEventListener("input", offer);
  note.addEventListener("blur", close);
  note.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    else if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); put(list.children[at].dataset.handle); }
    else if (event.key === "Escape") close();
  });
}
