// Choosing several: how many are chosen stands beside the acts, and choosing one opens them.
const chosen = document.getElementById("chosen");
if (chosen) {
  const count = chosen.querySelector("[data-picked]");
  const tell = () => {
    const picked = document.querySelectorAll("[data-pick]:checked").length;
    count.textContent = picked || "";
    if (picked) chosen.open = true;
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-pick]")) tell(); });
  addEventListener("pageshow", tell);
}
