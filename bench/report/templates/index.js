(() => {
  // A field that hides the rows without its words; without JavaScript all rows are there.
  const table = document.querySelector("table.studies");
  if (!table) return;
  const live = document.querySelector(".live");
  const field = Object.assign(document.createElement("input"), { type: "search", className: "filter", placeholder: "Filter by paper, dataset, model" });
  field.setAttribute("aria-label", "Filter the rows by any of their words");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    const rows = [...table.tBodies[0].rows];
    rows.forEach((row) => {
      const text = `${row.textContent} ${row.dataset.words || ""}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    });
    live.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
  });
  table.parentElement.before(field);
})();
