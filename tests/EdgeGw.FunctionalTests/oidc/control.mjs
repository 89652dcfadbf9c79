// One command per line on standard input, one answer per line on standard output: { id, do, ... } -> { id, ...result }.
import { createInterface } from 'node:readline';

// Standard output is for answers; oidc-provider would put notices there.
console.info = console.error;

export function serveCommands(commands) {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const command = JSON.parse(line);
    let answer;
    try {
      answer = await commands[command.do](command);
    } catch (fault) {
      answer = { fault: String(fault?.stack ?? fault) };
    }
    process.stdout.write(`${JSON.stringify({ id: command.id, ...answer })}\n`);
  }).on('close', () => process.exit(0));
}

/** Listens on a loopback port, and on the same one again after a stop. */
export class Listener {
  #server;
  #port = 0;

  constructor(createServer) {
    this.createServer = createServer;
  }

  async start() {
    this.#server = this.createServer();
    await new Promise((resolve, reject) => this.#server.once('error', reject).listen(this.#port, '127.0.0.1', resolve));
    this.#port = this.#server.address().port;
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
