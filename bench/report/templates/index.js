(() => {
  // Each verdict is a button that hides the rows of all others, and a field hides rows without its words.
  const table = document.querySelector(".studies table");
  if (!table) return;
  const live = document.querySelector(".live");
  const field = Object.assign(document.createElement("input"), { type: "search", className: "filter", placeholder: "Filter by paper" });
  field.setAttribute("aria-label", "Filter the studies of papers by any of their words");
  const kindOf = (place) => place.querySelector(".sign")?.classList[1];
  let kind = null;
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/);
    const rows = [...table.tBodies[0].rows];
    rows.forEach((row) => {
      const text = row.textContent.toLowerCase();
      row.hidden = (kind && kindOf(row) !== kind) || !words.every((word) => text.includes(word));
    });
    live.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} studies`;
  };
  field.addEventListener("input", show);
  const items = [...document.querySelectorAll(".studies > ul li")].filter(kindOf);
  const buttons = items.map((item) => {
    const button = document.createElement("button");
    const own = kindOf(item);
    button.append(...item.childNodes);
    button.ariaPressed = "false";
    button.addEventListener("click", () => {
      kind = kind === own ? null : own;
      buttons.forEach((other) => (other.ariaPressed = `${other === button && kind !== null}`));
      show();
    });
    item.append(button);
    return button;
  });
  table.parentElement.before(field);
})();
