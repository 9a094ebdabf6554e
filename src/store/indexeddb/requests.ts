/** IndexedDB's requests and transactions as promises. A transaction stays open only while its own requests are awaited. */

export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Resolves once all of it is on the disk. */
export function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'))
  })
}

/** The values from a cursor on, until `take` says that it has enough. */
export function walk(request: IDBRequest<IDBCursorWithValue | null>, take: (value: unknown) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor === null || !take(cursor.value)) resolve()
      else cursor.continue()
    }
  })
}
