import { type AddressInfo } from "node:net";

import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

import { test as base } from "./fixtures";
import { Samlop } from "./samlop";

export { expect } from "./fixtures";

export type Mail = Email & {
  /** The address in the envelope. */
  recipient: string;
  /** All that a person or a machine on the way can read, decoded. */
  readable: string;
};

/** What a mail server answers instead of taking a mail. */
type Refusal = { responseCode: number; message: string };

/** A real mail server that keeps what it is given. */
export class Post {
  readonly mails: Mail[] = [];
  /** What to answer to the next recipients. */
  refusals: Refusal[] = [];
  private port = 0;
  private server?: SMTPServer;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Opens, at a free port or, later, at the same as before. */
  async open(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onRcptTo: (_address, _session, answer) => {
        const refusal = this.refusals.shift();
        answer(refusal ? Object.assign(new Error(refusal.message), refusal) : null);
      },
      onData: async (stream, session, answer) => {
        const content = await stream.toArray().catch(() => null);
        // A client that was killed has broken off in the middle.
        if (!content) return answer(new Error("broken off"));
        const source = Buffer.concat(content);
        const mail = await PostalMime.parse(source);
        const headers = mail.headers.map(({ key, value }) => `${key}: ${value}`);
        const readable = [...headers, mail.text, mail.html, source.toString()].join("\n");
        for (const { address } of session.envelope.rcptTo) this.mails.push({ ...mail, recipient: address, readable });
        answer(null, "taken");
      },
    });
    // A client that is killed breaks off.
    server.on("error", () => {});
    await new Promise<void>((ready) => server.listen(this.port, "127.0.0.1", ready));
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  async close(): Promise<void> {
    await new Promise<void>((closed) => (this.server ? this.server.close(closed) : closed()));
    this.server = undefined;
  }

  to(address: string): Mail[] {
    return this.mails.filter((mail) => mail.recipient === address);
  }
}

/** Tests whose program sends its mails to a real mail server. */
export const test = base.extend<{ post: Post }, { postOffice: Post }>({
  postOffice: [
    async ({}, use) => {
      const post = new Post();
      await post.open();
      await use(post);
      await post.close();
    },
    { scope: "worker" },
  ],

  samlop: [
    async ({ postOffice }, use) => {
      const samlop = await Samlop.start({ demo: true, smtpUrl: postOffice.url });
      await use(samlop);
      await samlop.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  post: async ({ postOffice }, use) => {
    postOffice.mails.length = 0;
    await use(postOffice);
  },
});
