// A file dropped upon or chosen in form[data-drop] is sent at once; its name stands there until the next page comes.

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  form.classList.add("at-once");
  const send = () => {
    if (!input.files.length) return;
    form.querySelector("[data-chosen]").textContent = input.files[0].name;
    form.requestSubmit();
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
