/** Photos as they are sent: small enough for a slow connection, and nothing in them but the picture. */

const LONGEST_SIDE = 1_600;
const QUALITY = 0.8;

/** The picture as a data address (JPEG), upright. Rejects what is no picture. */
export async function smallPicture(file: Blob): Promise<string> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas.toDataURL("image/jpeg", QUALITY);
}
