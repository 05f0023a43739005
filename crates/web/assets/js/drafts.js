// What is being written at a request keeps itself: two seconds after the last key, found again by whoever wrote it, at any
// desk and after signing in anew. "Saved" is said when the server said so and at no other time; what is not saved stays
// on the page and is sent again.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const says = form.querySelector("[data-draft-kept]");
  const clock = () => new Date().toLocaleTimeString("en-US");
  let changed = 0, kept = 0, running = false, gone = false, timer = 0;
  const tell = (words, bad) => { says.textContent = words; says.classList.toggle("bad", bad); };
  // Whoever signed in again in another tab has another form token; the page takes it over.
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { "kith-by-itself": "1" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-draft] [name=form_token]");
    if (fresh) for (const field of document.querySelectorAll("[name=form_token]")) field.value = fresh.value;
  };
  const keep = async () => {
    clearTimeout(timer);
    if (gone || running || changed === kept) return;
    running = true;
    const sent = changed;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "kith-by-itself": "1" } });
      if (answer.ok && !answer.redirected) { kept = sent; tell(`Saved ${clock()}`, false); }
      else { tell(`Not saved ${clock()}. If you are signed out, sign in in another tab; this page goes on by itself.`, true); await renew().catch(() => {}); }
    } catch {
      tell(`Not saved ${clock()}. The connection is gone; this page tries again.`, true);
    } finally {
      running = false;
      if (changed !== kept && !gone) timer = setTimeout(keep, changed === sent ? 5000 : 2000);
    }
  };
  form.addEventListener("input", () => { changed++; says.classList.contains("bad") || tell("", false); clearTimeout(timer); timer = setTimeout(keep, 2000); });
  form.addEventListener("submit", () => { gone = true; clearTimeout(timer); });
  addEventListener("pageshow", () => { gone = false; });
  addEventListener("beforeunload", (event) => { if (changed !== kept && !gone) event.preventDefault(); });
}
