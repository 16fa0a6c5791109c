/** Small things kept in the browser by IndexedDB, each under a shelf's name and its own key; they outlive the page. */

export interface Kept<T> {
  shelf: string;
  key: string;
  /** When it was put there, for the order. */
  at: number;
  value: T;
}

let opened: Promise<IDBDatabase | undefined> | undefined;

function database(): Promise<IDBDatabase | undefined> {
  opened ??= new Promise((done) => {
    try {
      const asked = indexedDB.open("niaga", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: ["shelf", "key"] });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => done(undefined);
    } catch {
      done(undefined);
    }
  });
  return opened;
}

async function run<R>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<R>): Promise<R | undefined> {
  const base = await database();
  if (!base) return undefined;
  return new Promise((done, fail) => {
    const transaction = base.transaction("kept", mode);
    const asked = work(transaction.objectStore("kept"));
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => fail(transaction.error ?? new Error("not kept"));
  });
}

/** Whether it lies there now: there may be no room, or the browser may forbid it. */
export async function put<T>(kept: Kept<T>): Promise<boolean> {
  return (await run("readwrite", (store) => store.put(kept)).catch(() => undefined)) !== undefined;
}

export async function drop(shelf: string, key: string): Promise<void> {
  await run("readwrite", (store) => store.delete([shelf, key])).catch(() => undefined);
}

export async function clear(shelf: string): Promise<void> {
  await run("readwrite", (store) => store.delete(whole(shelf))).catch(() => undefined);
}

function whole(shelf: string): IDBKeyRange {
  return IDBKeyRange.bound([shelf, ""], [shelf, "\uffff"]);
}

/** All that lies on a shelf, the oldest first. */
export async function all<T>(shelf: string): Promise<Kept<T>[]> {
  const found = (await run("readonly", (store) => store.getAll(whole(shelf))).catch(() => undefined)) as Kept<T>[] | undefined;
  return (found ?? []).sort((one, other) => one.at - other.at);
}

export async function get<T>(shelf: string, key: string): Promise<T | undefined> {
  const found = (await run("readonly", (store) => store.get([shelf, key])).catch(() => undefined)) as Kept<T> | undefined;
  return found?.value;
}
