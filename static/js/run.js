/* A run that is under way: look every second how far it is, and show the result when it is there.
   Without this the page says the same and has a link to look again. */
(() => {
  const box = document.querySelector("[data-under-way]");
  if (!box) return;
  const look = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.querySelector("[data-under-way]");
      if (!now) {
        window.location.reload();
        return;
      }
      const said = now.querySelector("[data-says]").textContent;
      const line = box.querySelector("[data-says]");
      if (line.textContent !== said) line.textContent = said;
    } catch {
      /* The next look may find the site again. */
    }
    window.setTimeout(look, 1000);
  };
  window.setTimeout(look, 1000);
})();
