// Light or dark changes at once; the form still goes to the server, which keeps it for the next page.
for (const form of document.querySelectorAll('form[action="/account/theme"]')) {
  form.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  });
}
