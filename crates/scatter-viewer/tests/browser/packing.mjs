// Numbers out of a page by the hundred thousand: as one text, where a list would be taken apart number by number.

/** Runs in a page, and gives it `pack(array)`: the bytes of a typed array in base64. */
export function pack() {
  window.pack = ({ buffer, byteOffset, byteLength }) => {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  };
}

/** The array of `Type` that a page packed. */
export function unpack(text, Type) {
  const bytes = Buffer.from(text, 'base64');
  // A buffer of its own: Node's begin where they will, and such an array must begin at a whole entry.
  return new Type(new Uint8Array(bytes).buffer);
}
