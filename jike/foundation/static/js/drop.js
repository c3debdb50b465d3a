// A file dropped upon or chosen in form[data-drop] is sent at once; with data-drop="wait" its name only stands there, since
// the form asks for more.

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const waits = form.dataset.drop === "wait";
  form.classList.toggle("at-once", !waits);
  const send = () => {
    if (!input.files.length) return;
    form.querySelector("[data-chosen]").textContent = input.files[0].name;
    if (!waits) form.requestSubmit();
  };
  input.addEventListener("change", send);
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    });
  }
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
}
