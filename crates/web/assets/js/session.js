// Warns before the session ends for want of a person. What was typed stays on the page. A real person (a key, a press,
// a touch) keeps the session; a page that only lies open does not.
const dialog = document.getElementById("session-ending");
const total = Number(document.body.dataset.endsIn || 0);
if (dialog && total > 0) {
  let endsAt = Date.now() + total * 1000;
  let active = false;
  const left = dialog.querySelector("[data-left]");
  const extend = async () => {
    const token = document.querySelector("input[name=form_token]")?.value ?? "";
    try {
      const answer = await fetch("/session/extend", { method: "POST", body: new URLSearchParams({ form_token: token }) });
      if (!answer.ok || answer.redirected) return false;
      endsAt = Date.now() + total * 1000;
      return true;
    } catch {
      return false;
    }
  };
  for (const sign of ["keydown", "pointerdown"]) addEventListener(sign, () => { active = true; }, { passive: true });
  const tick = () => {
    const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    if (seconds <= 90 && !dialog.open) dialog.showModal();
    // The time is written in steps of ten, so that a screen reader is not made to count.
    if (dialog.open) left.textContent = seconds > 0 ? `${Math.ceil(seconds / 10) * 10} seconds` : "a moment";
    setTimeout(tick, 1000);
  };
  // Once in a while, and only when someone was here since.
  setInterval(() => { if (active && !dialog.open) { active = false; extend(); } }, 120_000);
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    if (await extend()) dialog.close();
    else left.parentElement.textContent = "You are signed out. Copy what you typed before you leave this page.";
  });
  tick();
}
