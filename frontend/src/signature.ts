/** `[data-signature]`: a canvas one signs on with finger, pen or mouse; Enter signs with the typed name. A PNG on submit. */

for (const host of document.querySelectorAll<HTMLElement>("[data-signature]")) attach(host);

function attach(host: HTMLElement): void {
  const canvas = host.querySelector("canvas");
  const value = host.querySelector<HTMLInputElement>("input[type=hidden]");
  const brush = canvas?.getContext("2d");
  const form = host.closest("form");
  if (!canvas || !value || !brush || !form) return;
  let drawn = false;
  let last: [number, number] | undefined;

  const at = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const pen = (): void => {
    brush.lineWidth = 4;
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = brush.fillStyle = "#1b1b18";
  };
  const clear = (): void => {
    brush.clearRect(0, 0, canvas.width, canvas.height);
    value.value = "";
    drawn = false;
    host.classList.remove("signed");
  };
  const mark = (): void => {
    drawn = true;
    host.classList.add("signed");
    const field = host.closest<HTMLElement>("[data-field]");
    if (field) delete field.dataset["invalid"];
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pen();
    last = at(event);
    brush.beginPath();
    brush.arc(...last, 2, 0, 7);
    brush.fill();
    mark();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) {
      const next = at(step);
      brush.beginPath();
      brush.moveTo(...last);
      brush.lineTo(...next);
      brush.stroke();
      last = next;
    }
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (last = undefined));
  canvas.addEventListener("keydown", (event) => {
    const name = form.querySelector<HTMLInputElement>("input[name=name]")?.value.trim();
    if (event.key !== "Enter" || !name) return;
    event.preventDefault();
    clear();
    pen();
    brush.font = "italic 72px 'Segoe Script', 'Bradley Hand', cursive, serif";
    brush.fillText(name, 32, 150, canvas.width - 64);
    mark();
  });
  host.querySelector("[data-clear]")?.addEventListener("click", clear);
  // Before whoever sends the form reads it.
  form.addEventListener("submit", () => (value.value = drawn ? canvas.toDataURL("image/png") : ""), { capture: true });
}
