// The call sheet saves itself: two seconds after the last key, and on leaving a field. "Saved" is said when the server
// said so and at no other time; what is not saved stays on the page and is sent again, also after signing in anew.
const form = document.querySelector("form[data-call]");
if (form) {
  const saved = () => document.getElementById("call-saved");
  const words = (text, bad) => { const at = saved(); at.textContent = text; at.classList.toggle("bad", Boolean(bad)); };
  const clock = () => new Date().toLocaleTimeString("en-US");
  let changed = 0, kept = 0, running = false, timer = 0, wait = 2000, leaving = false;

  // While two texts stand beside each other nothing is saved before somebody has chosen and pressed Save.
  const choosing = document.getElementById("differences");

  // Only these parts come from the server; what is being typed in is never touched.
  const take = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const id of ["call-saved", "call-card", "call-advice", "call-same", "call-steps", "call-heading", "call-timer"]) {
      const now = document.getElementById(id), next = fresh.getElementById(id);
      // What was opened stays open: a number that was asked for is not taken away while it is dialed.
      for (const part of next?.querySelectorAll("details") ?? []) {
        const named = (one) => one.querySelector("summary")?.textContent === part.querySelector("summary")?.textContent;
        if ([...now?.querySelectorAll("details[open]") ?? []].some(named)) part.open = true;
      }
      if (now && next && now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
    }
    saved().classList.remove("bad");
    document.getElementById("safety").classList.toggle("sheet-alarm", fresh.getElementById("safety").classList.contains("sheet-alarm"));
    document.getElementById("call-version").value = fresh.getElementById("call-version").value;
    const at = fresh.getElementById("call-saved").dataset.at;
    if (at && location.pathname !== at) history.replaceState(null, "", at);
  };
  // Whoever signed in again in another tab has another form token; the page takes it over.
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { "kith-by-itself": "1" } });
    if (!answer.ok || answer.redirected) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = fresh.querySelector("form[data-call] [name=form_token]");
    if (token) form.elements.form_token.value = token.value;
    return Boolean(token);
  };
  // What this page sends is numbered: on a busy machine what was sent first may arrive last, and is old by then.
  const number = () => { const turn = document.getElementById("call-turn"); turn.value = Number(turn.value) + 1; };
  const send = async () => {
    clearTimeout(timer);
    if (running || leaving || changed === kept || choosing) return;
    running = true;
    const sent = changed;
    number();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, headers: { "kith-by-itself": "1" } });
      if (answer.ok && !answer.redirected) { take(await answer.text()); kept = sent; wait = 2000; }
      else if (answer.status === 409) words(`Not saved ${clock()}: saved from another desk meanwhile. Press Save to choose.`, true);
      else if (answer.status === 422) { words(`Not saved ${clock()}: something is too long. Press Save to see.`, true); }
      else {
        words(`Not saved ${clock()}. If you are signed out, sign in in another tab; this page goes on by itself.`, true);
        wait = 5000;
        await renew().catch(() => {});
      }
    } catch {
      words(`Not saved ${clock()}. The connection is gone; this page tries again.`, true);
      wait = 5000;
    } finally {
      running = false;
      if (changed !== kept && !leaving) timer = setTimeout(send, wait);
    }
  };
  form.addEventListener("input", () => { changed++; clearTimeout(timer); timer = setTimeout(send, wait); });
  form.addEventListener("focusout", () => { if (changed !== kept) { clearTimeout(timer); timer = setTimeout(send, 50); } });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); number(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (changed !== kept && !leaving) event.preventDefault(); });

  // The safety questions are answered one by one: with the hands in a row a letter is the answer, and the next row is at
  // hand. No key answers a question that was not reached.
  const LETTERS = { y: "yes", n: "no", u: "unknown", d: "declined" };
  const rows = [...form.querySelectorAll(".triage li")];
  for (const hint of form.querySelectorAll("[data-by-key]")) hint.hidden = false;
  const answer = (row, value) => {
    const radio = row.querySelector(`[value=${value}]`);
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const next = rows[rows.indexOf(row) + 1];
    (next?.querySelector(":checked") ?? next?.querySelector("input") ?? radio).focus();
  };
  // What may mean danger is on its way before the next question is asked.
  form.addEventListener("change", (event) => { if (event.target.closest(".triage")) { clearTimeout(timer); timer = setTimeout(send, 50); } });

  // A call that begins now begins with the number, unless somebody was faster than this page and writes already: the hands
  // are not taken from where they are.
  const isFree = document.activeElement === null || document.activeElement === document.body;
  if (isFree && !saved().dataset.at && !document.querySelector("[data-focus]")) form.elements.phone.focus({ preventScroll: true });
  // What was typed before this page could listen counts as well.
  const isTyped = (field) => field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected && one.value)
    : field.type !== "hidden" && field.value !== field.defaultValue;
  if ([...form.elements].some((field) => field.name && isTyped(field))) { changed++; timer = setTimeout(send, 2000); }

  addEventListener("keydown", (event) => {
    const row = !event.altKey && !event.ctrlKey && !event.metaKey && event.target.closest?.(".triage li");
    if (row && LETTERS[event.key.toLowerCase()]) { event.preventDefault(); answer(row, LETTERS[event.key.toLowerCase()]); return; }
    if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); form.querySelector("[data-finish]").click(); return; }
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.code === "KeyD") {
      event.preventDefault();
      const signs = document.getElementById("danger-signs");
      signs.open = !signs.open;
      signs.querySelector("summary").focus();
      return;
    }
    const digit = event.code === "KeyT" ? "t" : /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    const room = digit && form.querySelector(`[data-jump="${digit}"]`);
    if (!room) return;
    event.preventDefault();
    (room.querySelector("input:not([type=hidden]), textarea, select") ?? room).focus();
    room.scrollIntoView({ block: "start" });
  });
}
