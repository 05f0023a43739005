// A form is sent once: a second press while the first is on its way does nothing. The server would refuse it anyway.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; event.submitter?.removeAttribute("aria-busy"); }, 8000);
  });
}
// The summary of what must be put right is read first.
document.querySelector("[data-focus]")?.focus();
