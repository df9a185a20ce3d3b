// Debian's Apache with mod_auth_openidc, in front of an application that shows the headers that reach it.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const PROGRAM = '/usr/sbin/apache2';
export const MODULES = '/usr/lib/apache2/modules';
// Who Apache runs as when the tests run as root: it refuses root.
const USER = 'www-data';
const READY_MS_MAX = 15_000;
const STOPPED_MS_MAX = 5_000;

const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'proxy', 'proxy_http', 'auth_openidc'];

/** A port that nobody listens on, held until `free()`. */
export async function holdPort() {
  const server = createServer();
  await new Promise((good) => { server.listen(0, '127.0.0.1', good); });
  server.unref();
  return { port: server.address().port, free: () => new Promise((done) => { server.close(done); }) };
}

/** The application behind Apache: it answers with the headers that it was sent. */
async function startApplication() {
  const server = createServer((request, response) => {
    // Headers are bytes, and mod_auth_openidc writes UTF-8.
    const headers = Object.entries(request.headers).map(([name, value]) => [name, Buffer.from(String(value), 'latin1').toString()]);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ path: request.url, headers: Object.fromEntries(headers) }));
  });
  await new Promise((good) => { server.listen(0, '127.0.0.1', good); });
  return server;
}

/** Starts Apache with `sites`, a list of `{ port, directives }`, each with an application at every path. */
export async function startApache(sites) {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-apache-'));
  const application = await startApplication();
  const backend = `http://127.0.0.1:${application.address().port}/`;
  writeFileSync(join(folder, 'apache.conf'), [
    `ServerRoot "${folder}"`,
    `DefaultRuntimeDir "${folder}"`,
    `PidFile "${folder}/apache.pid"`,
    `ErrorLog "${folder}/error.log"`,
    'ServerName localhost',
    ...LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    'LogLevel error auth_openidc:warn',
    ...sites.flatMap(({ port, directives }) => [
      `Listen 127.0.0.1:${port}`,
      `<VirtualHost 127.0.0.1:${port}>`,
      ...directives,
      `ProxyPass / ${backend}`,
      '</VirtualHost>',
    ]),
    '',
  ].join('\n'));
  const as = [];
  if (process.getuid() === 0) {
    const id = (kind) => Number(execFileSync('id', [kind, USER], { encoding: 'utf8' }));
    for (const path of [folder, join(folder, 'apache.conf')]) chownSync(path, id('-u'), id('-g'));
    as.push('setpriv', '--reuid', USER, '--regid', USER, '--init-groups');
  }
  chmodSync(folder, 0o700);
  // One process, which dies with this one; a second setpriv, as the change of user clears the signal.
  const [command, ...words] = [...as, 'setpriv', '--pdeathsig', 'KILL', PROGRAM, '-X', '-f', join(folder, 'apache.conf')];
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: folder } });
  let said = '';
  child.stderr.on('data', (chunk) => { said = (said + chunk).slice(-5_000); });
  const log = () => { try { return said + readFileSync(join(folder, 'error.log'), 'utf8').slice(-8_000); } catch { return said; } };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => { child.once('exit', done); });
      child.kill('SIGTERM'); // It has semaphores to give back.
      const late = setTimeout(() => { child.kill('SIGKILL'); }, STOPPED_MS_MAX);
      await gone;
      clearTimeout(late);
    }
    application.closeAllConnections();
    await new Promise((done) => { application.close(done); });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const deadline = Date.now() + READY_MS_MAX; ; await pause(30)) {
      if (child.exitCode !== null) throw new Error(`Apache ended with ${child.exitCode}\n${log()}`);
      if (Date.now() > deadline) throw new Error(`Apache does not answer\n${log()}`);
      const answers = await fetch(`http://localhost:${sites[0].port}/open`).then((answer) => answer.ok, () => false);
      if (answers) return { log, stop };
    }
  } catch (error) {
    await stop();
    throw error;
  }
}
