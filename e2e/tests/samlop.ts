import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROGRAM = process.env.SAMLOP_BIN ?? resolve(__dirname, "../../target/debug/samlop");

/** The password of every account in these tests. */
export const PASSWORD = "prov-samlop-2026";
/** The address that stands in mails. It leads nowhere, since it must never be taken from a request. */
export const PUBLIC_URL = "http://samlop.example.no";

type Options = {
  /** Whether the invented town is in the database. */
  demo?: boolean;
  /** The mail server; without one, mails are written to files. */
  smtpUrl?: string;
};

/** The real program on a database of its own, in a folder that is removed at the end. */
export class Samlop {
  /** Where it is. */
  url = "";
  /** What the program has said since it was started first. */
  log = "";
  /** How often it has been stopped or killed. */
  ends = 0;
  private process?: ChildProcess;

  private constructor(
    private readonly folder: string,
    private readonly options: Options,
  ) {}

  static async start(options: Options = {}): Promise<Samlop> {
    const folder = await mkdtemp(join(tmpdir(), "samlop-test-"));
    const samlop = new Samlop(folder, options);
    await samlop.begin();
    return samlop;
  }

  /** Starts the program, at a free address or, later, at the same as before. */
  async begin(): Promise<void> {
    const address = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const args = ["serve", "--listen-addr", address, "--public-url", PUBLIC_URL];
    if (this.options.demo) args.push("--demo", "--demo-password", PASSWORD);
    const child = this.spawn(args);
    this.process = child;
    this.url = await new Promise((ready, failed) => {
      let said = "";
      child.stdout?.on("data", (text) => {
        said += text;
        const address = /Samløp is at (http:\S+)\n/.exec(said);
        if (address) ready(address[1]);
      });
      child.once("exit", () => failed(new Error(`samlop did not start:\n${said}${this.log}`)));
    });
  }

  /** Stops the program as an administrator would. */
  async end(): Promise<void> {
    await this.signal("SIGTERM");
  }

  /** Ends the program at once, wherever it is. */
  async kill(): Promise<void> {
    await this.signal("SIGKILL");
  }

  async restart(): Promise<void> {
    await this.end();
    await this.begin();
  }

  /** Stops the program and removes everything that it has written. */
  async remove(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs another command of the program on the same database. */
  async run(args: string[], input = ""): Promise<string> {
    const child = this.spawn(args);
    let said = "";
    child.stdout?.on("data", (text) => (said += text));
    // Most commands read nothing, and may have ended already.
    child.stdin?.on("error", () => {}).end(input);
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`samlop ${args.join(" ")} failed:\n${said}${this.log}`);
    return said;
  }

  /** Makes an account with the usual password. */
  async createUser(account: { email: string; name: string; role: string; organisation: string }): Promise<void> {
    const { email, name, role, organisation } = account;
    const args = ["--email", email, "--name", name, "--role", role, "--organisation", organisation];
    await this.run(["create-user", ...args], `${PASSWORD}\n`);
  }

  /** Makes an empty track with the phases of "Introløp". */
  async createTrack(slug: string, organisation: string, ...navOffices: string[]): Promise<void> {
    const offices = navOffices.flatMap((office) => ["--nav-office", office]);
    const name = `Løp ${slug}`;
    await this.run([
      "create-track", "--template", "introlop", "--slug", slug, "--name", name, "--organisation", organisation, ...offices,
    ]);
  }

  /** The session's cookie of somebody who logs in. */
  async logIn(email: string): Promise<string> {
    const answer = await fetch(`${this.url}/api/login`, {
      method: "POST",
      headers: { Accept: "text/html", Origin: this.url },
      body: new URLSearchParams({ "form[email]": email, "form[password]": PASSWORD }),
      redirect: "manual",
    });
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    const session = cookies.find((cookie) => cookie.startsWith("samlop_session="));
    if (!session) throw new Error(`${email} could not log in: ${answer.status}`);
    return session.split("=")[1];
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (child && child.exitCode === null && child.signalCode === null) {
      this.ends += 1;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    }
  }

  private spawn(args: string[]): ChildProcess {
    const { smtpUrl } = this.options;
    const child = spawn(PROGRAM, args, {
      cwd: this.folder,
      env: {
        ...process.env,
        NO_COLOR: "1",
        DATABASE_URL: `sqlite:${join(this.folder, "samlop.db")}`,
        MAIL_DIR: join(this.folder, "mail"),
        MAIL_FROM: "Samløp <samlop@example.no>",
        MAIL_REPLY_TO: "svar@example.no",
        SMTP_URL: smtpUrl ?? "",
      },
    });
    child.stderr?.on("data", (text) => (this.log += text));
    return child;
  }
}
