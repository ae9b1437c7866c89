(() => {
  "use strict";
  const page = JSON.parse(document.getElementById("page-data").textContent);

  const records = (figure) =>
    figure.rows.map((row) => Object.fromEntries(figure.columns.map((column, index) => [column, row[index]])));

  // A cell that a spreadsheet would take for a formula is made text.
  const cell = (value) => {
    if (value === null) return "";
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const csv = (figure) => [figure.columns, ...figure.rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

  for (const link of document.querySelectorAll("a[data-csv]")) {
    const name = link.dataset.csv;
    link.href = URL.createObjectURL(new Blob([csv(page.figures[name])], { type: "text/csv" }));
    link.download = name + ".csv";
  }

  const draw = async (place) => {
    const name = place.dataset.figure;
    const figure = page.figures[name];
    const spec = { ...figure.spec, datasets: { [name]: records(figure) } };
    // `ast` evaluates expressions without building functions from text, which the page's policy forbids.
    const options = { actions: false, renderer: "svg", ast: true, defaultStyle: false, config: page.config };
    await window.vegaEmbed(place, spec, options);
    place.dataset.drawn = "yes";
  };

  const drawAll = async () => {
    for (const place of document.querySelectorAll("[data-figure]")) await draw(place);
    document.documentElement.dataset.drawn = "all";
  };

  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  drawAll();
})();
