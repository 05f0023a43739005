// While a name is typed, what reads like it is shown: nothing is written down twice because nobody looked.
const form = document.querySelector("form[data-alike]");
if (form) {
  const at = document.getElementById("alike");
  let timer = 0, turn = 0;
  form.elements.name.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++turn, address = new URL(form.dataset.alike, location.href);
      address.searchParams.set("name", form.elements.name.value);
      const answer = await fetch(address, { headers: { "kith-by-itself": "1" } }).catch(() => null);
      // An answer that was overtaken by a later letter is dropped.
      if (mine !== turn || !answer?.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      at.replaceChildren(...fresh.body.childNodes);
    }, 250);
  });
}
