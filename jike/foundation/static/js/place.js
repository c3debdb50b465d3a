// Forms that take the place along (form[data-place]): asks the browser once for it, and sends the form without when it will
// not say. Buttons that fill in a field ([data-fill]).

const PATIENCE_MS = 8000;
const asked = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-place]");
  if (!form || asked.has(form) || !navigator.geolocation) return;
  event.preventDefault();
  event.stopPropagation();
  asked.add(form);
  form.setAttribute("aria-busy", "true");
  const send = (found) => {
    if (found) {
      form.elements.latitude.value = found.coords.latitude.toFixed(6);
      form.elements.longitude.value = found.coords.longitude.toFixed(6);
      form.elements.accuracy.value = Math.ceil(found.coords.accuracy);
    }
    form.requestSubmit();
  };
  navigator.geolocation.getCurrentPosition(send, () => send(null), { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60000 });
}, true);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const input = document.getElementById(button.dataset.fill);
  input.value = button.dataset.value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
