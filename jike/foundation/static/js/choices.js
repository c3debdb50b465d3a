// Selects that search on the server: select[data-choices="kind"]; by Chinese, pinyin, initials or code. Loads tom-select first.

function begin(select) {
  if (select.tomselect || !globalThis.TomSelect) return;
  const address = `/choices/${select.dataset.choices}/?q=`;
  new TomSelect(select, {
    valueField: "value",
    labelField: "text",
    searchField: [],
    preload: "focus",
    maxOptions: 100,
    create: false,
    closeAfterSelect: true,
    plugins: select.multiple ? ["remove_button"] : [],
    score: () => () => 1,
    load(text, done) {
      fetch(address + encodeURIComponent(text), { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { choices: [] }))
        // What comes late for what stood there before would stand among the answers to what stands there now.
        .then((found) => done(text === this.inputValue() ? found.choices : []))
        .catch(() => done([]));
    },
    onType() { this.clearOptions(); },
    render: {
      option: (one, escape) => `<div><span>${escape(one.text)}</span><small>${escape(one.context ?? "")}</small></div>`,
      no_results: () => "",
    },
  });
  // What is shown in its place has the name; the select itself stays for the form alone.
  select.setAttribute("aria-hidden", "true");
}

const all = (place) => place.querySelectorAll?.("select[data-choices]").forEach(begin);
all(document);
document.addEventListener("htmx:afterSwap", (event) => all(event.target));
document.addEventListener("htmx:load", (event) => all(event.target));
