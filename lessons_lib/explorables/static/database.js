// The database of the browser, for what is too large for its storage: the runs of TrainLab. Nothing is
// sent anywhere. No DOM in here.

const NAME = "lessons-lib";
const STORE = "runs";

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answerOf = (request) =>
  new Promise((done, refuse) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => refuse(request.error);
  });

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
const endOf = (transaction) =>
  new Promise((done, refuse) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => refuse(transaction.error);
  });

/**
 * Ask the database; what it answers comes when it has kept all that was to be kept.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 */
export async function ask(mode, act) {
  const opening = indexedDB.open(NAME);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answerOf(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const asked = answerOf(act(transaction.objectStore(STORE)));
    const [answer] = await Promise.all([asked, endOf(transaction)]);
    return answer;
  } finally {
    database.close();
  }
}

/** Forget all of it. */
export const forgetRuns = () => ask("readwrite", (store) => store.clear()).catch(() => {});
