// Warns before the session ends for want of a person. What was typed stays on the page; a press goes on.
const dialog = document.getElementById("session-ending");
const total = Number(document.body.dataset.endsIn || 0);
if (dialog && total > 0) {
  let endsAt = Date.now() + total * 1000;
  const left = dialog.querySelector("[data-left]");
  const tick = () => {
    const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    if (seconds <= 90 && !dialog.open) dialog.showModal();
    if (dialog.open) left.textContent = seconds > 0 ? `${seconds} seconds` : "a moment";
    setTimeout(tick, 1000);
  };
  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    const token = document.querySelector("input[name=form_token]")?.value ?? "";
    const answer = await fetch("/session/extend", { method: "POST", body: new URLSearchParams({ form_token: token }) });
    if (answer.ok) { endsAt = Date.now() + 15 * 60 * 1000; dialog.close(); }
    else left.textContent = "no time: you are signed out. Copy what you typed before you leave this page";
  });
  tick();
}
