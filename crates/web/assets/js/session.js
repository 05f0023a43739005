// Warns before the session ends for want of a person. What was typed stays on the page, also after the end: whoever
// signs in again in another tab goes on here. A real person (a key, a press, a touch) keeps the session; a page that
// only lies open does not.
const dialog = document.getElementById("session-ending");
const total = Number(document.body.dataset.endsIn || 0);
if (dialog && total > 0) {
  let endsAt = Date.now() + total * 1000;
  let active = false;
  let over = false;
  const [warning, ended] = ["warning", "ended"].map((part) => dialog.querySelector(`[data-${part}]`));
  const left = dialog.querySelector("[data-left]");
  const token = () => document.querySelector("input[name=form_token]")?.value ?? "";
  const extend = async () => {
    try {
      const answer = await fetch("/session/extend", { method: "POST", body: new URLSearchParams({ form_token: token() }) });
      if (!answer.ok || answer.redirected) return false;
      endsAt = Date.now() + Number(await answer.text()) * 1000;
      return true;
    } catch {
      return false;
    }
  };
  // A new session has new form tokens; the forms of this page take them over with everything typed in them.
  const goOn = async () => {
    try {
      const answer = await fetch("/account", { headers: { "kith-by-itself": "1" } });
      if (!answer.ok || answer.redirected) return false;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("input[name=form_token]");
      if (!fresh) return false;
      for (const field of document.querySelectorAll("input[name=form_token]")) field.value = fresh.value;
      return extend();
    } catch {
      return false;
    }
  };
  const show = (isOver) => {
    over = isOver;
    warning.hidden = isOver;
    ended.hidden = !isOver;
    if (!dialog.open) dialog.showModal();
  };
  for (const sign of ["keydown", "pointerdown"]) addEventListener(sign, () => { active = true; }, { passive: true });
  const tick = () => {
    const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    if (seconds === 0 && !over) show(true);
    else if (seconds > 0 && seconds <= 90 && !dialog.open) show(false);
    // The time is written in steps of ten, so that a screen reader is not made to count.
    if (dialog.open && !over) left.textContent = `${Math.ceil(seconds / 10) * 10} seconds`;
    setTimeout(tick, 1000);
  };
  // Once in a while, and only when someone was here since.
  setInterval(() => { if (active && !dialog.open) { active = false; extend(); } }, 120_000);
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    if (await extend()) dialog.close();
    else show(true);
  });
  dialog.querySelector("[data-signed-in]").addEventListener("click", async (event) => {
    if (await goOn()) { over = false; dialog.close(); }
    else event.target.nextElementSibling.hidden = false;
  });
  // Closed to copy what was typed: the page can be read and stays as it is.
  dialog.querySelector("[data-read]").addEventListener("click", () => dialog.close());
  tick();
}
