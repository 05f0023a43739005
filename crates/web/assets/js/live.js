// Live regions: when the server says that a topic changed, the page fetches itself and swaps the parts that are live
// (`<section id="waiting" data-live="inbox">`). Nothing that is being typed in is touched, focus stays where it was.
const regions = () => document.querySelectorAll("[data-live][id]");
const busy = (region) => region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
const wants = (region, topics) => topics.has("everything") || region.dataset.live.split(" ").some((t) => topics.has(t));
const voice = document.getElementById("live-voice");
// Topics heard while a refresh is on its way are asked for after it; those of a part in which someone types wait until
// they leave it.
let pending = new Set(), held = new Set();
let running = false;

const place = (region) => {
  const held = document.activeElement;
  if (!region.contains(held)) return null;
  if (held.id) return () => document.getElementById(held.id)?.focus();
  const href = held.getAttribute("href");
  return href ? () => region.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus() : null;
};

const refresh = async () => {
  if (running || !(pending.size || held.size)) return;
  running = true;
  const topics = new Set([...pending, ...held]);
  pending = new Set();
  held = new Set();
  try {
    const answer = await fetch(location.href, { headers: { "kith-by-itself": "1" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of regions()) {
      if (!wants(region, topics)) continue;
      if (busy(region)) { for (const topic of region.dataset.live.split(" ")) held.add(topic); continue; }
      const next = fresh.getElementById(region.id);
      if (!next || next.innerHTML === region.innerHTML) continue;
      const back = place(region);
      // Minutes that pass are no news.
      const bare = (part) => part.textContent.replace(/\d+ (minutes?|hours?|days?)|\d+/g, "");
      const isNews = bare(next) !== bare(region);
      // Who was chosen stays chosen.
      const picked = [...region.querySelectorAll("[data-pick]:checked")].map((box) => box.value);
      // What was opened stays open: a number that was asked for is not taken away while it is dialed.
      const named = (part) => part.querySelector("summary")?.textContent;
      const opened = [...region.querySelectorAll("details[open]")].map(named);
      region.replaceChildren(...next.childNodes);
      for (const box of region.querySelectorAll("[data-pick]")) box.checked = picked.includes(box.value);
      for (const part of region.querySelectorAll("details")) if (opened.includes(named(part))) part.open = true;
      back?.();
      if (voice && region.dataset.says && isNews) voice.textContent = region.dataset.says;
    }
    // The counts of the rail come along; whoever is at them keeps their place.
    const rail = document.getElementById("rail-words"), counted = fresh.getElementById("rail-words");
    if (rail && counted && !rail.contains(document.activeElement)) rail.replaceChildren(...counted.childNodes);
  } catch {
    // The connection is gone; the events come back by themselves and bring one "everything".
  } finally {
    running = false;
    if (pending.size) setTimeout(refresh);
  }
};
if (regions().length) {
  // Only while somebody can see the page: a browser keeps few connections to one host, and ten open tabs must not use
  // them up. Whoever comes back sees what changed meanwhile.
  let events = null;
  let missed = false;
  // Whoever is at a request is seen there by the others, until nobody has touched the page for five minutes.
  const at = document.querySelector("[data-here]")?.dataset.here;
  let idle = false, rest = 0;
  const listen = () => {
    events = new EventSource(at && !idle ? `/live?at=${encodeURIComponent(at)}` : "/live");
    events.addEventListener("news", (event) => { pending.add(event.data); refresh(); });
    events.addEventListener("error", () => { missed = true; });
    events.addEventListener("open", () => { if (missed) { missed = false; pending.add("everything"); refresh(); } });
  };
  const follow = () => {
    if (document.visibilityState === "visible") { if (!events) listen(); }
    else { events?.close(); events = null; missed = true; }
  };
  // A countdown moves by itself: what says how long is fetched anew every minute while somebody looks.
  if (document.getElementById("inbox-rows") || document.querySelector(".alerts")) {
    setInterval(() => { if (events) { pending.add("inbox").add("alumni"); refresh(); } }, 60 * 1000);
  }
  const again = () => { events?.close(); events = null; follow(); };
  const touched = () => {
    clearTimeout(rest);
    rest = setTimeout(() => { idle = true; again(); }, 5 * 60 * 1000);
    if (idle) { idle = false; again(); }
  };
  if (at) { for (const what of ["pointerdown", "keydown", "scroll"]) addEventListener(what, touched, { passive: true }); touched(); }
  document.addEventListener("visibilitychange", follow);
  follow();
  addEventListener("focusout", () => setTimeout(refresh));
}
