// Leave this page: blank at once, then go, replacing this page in the history. Shift three times within five seconds
// does the same. When the page is hidden its answers are reset, so that Back shows an empty form.
const links = document.querySelectorAll("[data-leave]");
const leave = () => {
  // A cover first: removing a long page takes a moment in which it could still be read.
  const cover = document.createElement("div");
  cover.className = "cover";
  document.body.replaceChildren(cover);
  document.title = "…";
  location.replace("/leave");
};
for (const link of links) link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
if (links.length) {
  let presses = [];
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift") { presses = []; return; }
    presses = [...presses.filter((at) => event.timeStamp - at < 5000), event.timeStamp];
    if (presses.length === 3) leave();
  });
  addEventListener("pagehide", () => { for (const form of document.forms) form.reset(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
