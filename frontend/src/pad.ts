/** A canvas one signs on with finger, pen or mouse, stroke by stroke, or with a typed name. */

type Point = [number, number];

export interface Pad {
  /** Whether there is anything on it. */
  readonly drawn: boolean;
  /** The picture as a data address (PNG); nothing when it is empty. */
  data(): string;
  clear(): void;
  /** Takes the last stroke away, or the typed name. */
  undo(): void;
  type(name: string): void;
  /** Shows a signature that was drawn before. */
  load(data: string): void;
}

export function signaturePad(canvas: HTMLCanvasElement, changed: () => void): Pad {
  const brush = canvas.getContext("2d");
  let strokes: (Point[] | string | HTMLImageElement)[] = [];
  let stroke: Point[] | undefined;

  const at = (event: PointerEvent): Point => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const draw = (points: Point[], from = 0): void => {
    if (!brush) return;
    brush.lineWidth = 4;
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = brush.fillStyle = "#1b1b18";
    const [first] = points;
    if (first && from === 0) {
      brush.beginPath();
      brush.arc(...first, 2, 0, 7);
      brush.fill();
    }
    for (let place = Math.max(1, from); place < points.length; place += 1) {
      brush.beginPath();
      brush.moveTo(...(points[place - 1] as Point));
      brush.lineTo(...(points[place] as Point));
      brush.stroke();
    }
  };
  const redraw = (): void => {
    brush?.clearRect(0, 0, canvas.width, canvas.height);
    for (const one of strokes) {
      if (typeof one === "string") write(one);
      else if (one instanceof HTMLImageElement) brush?.drawImage(one, 0, 0, canvas.width, canvas.height);
      else draw(one);
    }
    changed();
  };
  const write = (name: string): void => {
    if (!brush) return;
    brush.fillStyle = "#1b1b18";
    brush.font = "italic 72px 'Segoe Script', 'Bradley Hand', cursive, serif";
    brush.fillText(name, 32, canvas.height * 0.62, canvas.width - 64);
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    draw(stroke);
    changed();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const from = stroke.length;
    for (const step of event.getCoalescedEvents?.() ?? [event]) stroke.push(at(step));
    draw(stroke, from);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!stroke) return;
      stroke = undefined;
      changed();
    });
  }

  return {
    get drawn() {
      return strokes.length > 0;
    },
    data: () => (strokes.length ? canvas.toDataURL("image/png") : ""),
    clear() {
      strokes = [];
      redraw();
    },
    undo() {
      strokes.pop();
      redraw();
    },
    type(name) {
      strokes = name ? [name] : [];
      redraw();
    },
    load(data) {
      const image = new Image();
      image.addEventListener("load", () => {
        strokes = [image];
        redraw();
      });
      image.src = data;
    },
  };
}
