// Live regions: when the server says that a topic changed, the page fetches itself and swaps the parts that are live.
// Nothing that is being typed in is touched.
const regions = () => document.querySelectorAll("[data-live]");
const busy = (region) => region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
let waiting = false;
const refresh = async (topic) => {
  const wanted = [...regions()].filter((r) => (topic === "everything" || r.dataset.live.split(" ").includes(topic)) && !busy(r));
  if (!wanted.length || waiting) return;
  waiting = true;
  try {
    const answer = await fetch(location.href, { headers: { "kith-by-itself": "1" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of wanted) {
      const next = fresh.getElementById(region.id);
      if (!next || next.innerHTML === region.innerHTML) continue;
      const focused = region.contains(document.activeElement) ? document.activeElement.id : "";
      region.replaceChildren(...next.childNodes);
      if (focused) document.getElementById(focused)?.focus();
    }
  } finally { waiting = false; }
};
if (regions().length) {
  const events = new EventSource("/live");
  events.addEventListener("news", (event) => refresh(event.data));
}
