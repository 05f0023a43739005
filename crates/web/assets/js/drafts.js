// What is being written at a request keeps itself: two seconds after the last key, for an hour, found again by the same
// session alone. "Kept" is said when the server said so.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const says = form.querySelector("[data-draft-kept]");
  let timer = 0, gone = false;
  const keep = async () => {
    if (gone) return;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { "kith-by-itself": "1" } });
      if (!gone) says.textContent = answer.ok && !answer.redirected ? "Kept as a draft" : "Not kept yet";
    } catch {
      says.textContent = "Not kept yet";
    }
  };
  form.addEventListener("input", () => { says.textContent = ""; clearTimeout(timer); timer = setTimeout(keep, 2000); });
  form.addEventListener("submit", () => { gone = true; clearTimeout(timer); });
  addEventListener("pageshow", () => { gone = false; });
}
