// One stream of news for all windows of a browser that show the same board: with HTTP/1.1 a browser has only six
// connections. Whoever holds the lock has the stream and tells the others; if it goes, another one takes over from what
// it has heard last. To its page each is an EventSource.
class Line extends EventTarget {
  readyState = EventSource.CONNECTING;
  #path;
  #last;
  #names;
  #source;
  #letGo;
  #closed = new AbortController();
  #others;

  constructor(path, since, names) {
    super();
    this.#path = path;
    this.#last = since;
    this.#names = names;
    this.#others = new BroadcastChannel(path);
    this.#others.onmessage = ({ data }) => (data.since ? this.#joined(data.since) : this.#heard(data));
    this.#others.postMessage({ since });
    const lead = () => new Promise((letGo) => {
      this.#letGo = letGo;
      this.#listen(this.#last);
    });
    // Whoever closes while it waits does not lead any more.
    navigator.locks.request(path, { signal: this.#closed.signal }, lead).catch(() => {});
  }

  close() {
    this.readyState = EventSource.CLOSED;
    this.#closed.abort();
    this.#source?.close();
    this.#source = undefined;
    this.#others.close();
    this.#letGo?.();
  }

  #listen(since) {
    this.#source?.close();
    const source = new EventSource(`${this.#path}&since=${since}`);
    this.#source = source;
    const tell = ({ type, data, lastEventId }) => {
      const news = { type, data, lastEventId, readyState: source.readyState };
      this.#others.postMessage(news);
      this.#heard(news);
    };
    for (const name of ["open", "error", ...this.#names]) source.addEventListener(name, tell);
  }

  // Another window shows the board as it was then.
  #joined(since) {
    if (!this.#source) return;
    if (Number(since) < Number(this.#last)) this.#listen(since);
    else if (this.readyState === EventSource.OPEN) this.#others.postMessage({ type: "open", readyState: EventSource.OPEN });
  }

  #heard({ type, data, lastEventId, readyState }) {
    this.readyState = readyState;
    this.#last = lastEventId || this.#last;
    this.dispatchEvent(lastEventId === undefined ? new Event(type) : new MessageEvent(type, { data, lastEventId }));
  }
}

// Without encryption there are no locks.
if (navigator.locks) window.openLine = (path, since, names) => new Line(path, since, names);
