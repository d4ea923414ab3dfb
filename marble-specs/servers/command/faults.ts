/**
 * `npm run attack:faults`: puts one bug at a time into a copy of the library, and runs the specs that should find it. Words choose
 * faults: `npm run attack:faults -- token`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Fault } from '../fault.js';
import { postgresFaults } from '../postgres/faults.js';

const [script, session, place, patience, ear, engine, process_, acquirable, served, lease] = [
  'redis/internal/script',
  'redis/internal/session',
  'internal/remote/place',
  'internal/remote/patience',
  'redis/internal/ear',
  'redis/internal/engine',
  'redis/internal/process',
  'redis/internal/redis-acquirable',
  'internal/remote/server-acquirable',
  'internal/remote/lease',
].map((name) => `lib/${name}.ts`) as [string, string, string, string, string, string, string, string, string, string];

const redisFaults: readonly Fault[] = [
  {
    title: '6: the line is not in the order of arrival',
    file: script,
    from: 'text(tail + 1), id)',
    to: 'text(-tail - 1), id)',
    specs: 'ioredis serves the callers of several',
  },
  {
    title: '6: a caller overtakes those who wait',
    file: script,
    from: "redis.call('ZCARD', line) == 0 and ",
    to: '',
    specs: 'ioredis (refuses to try|overtakes no heavy)',
  },
  {
    title: '6: a heavy head is granted though it does not fit',
    file: script,
    from: 'elseif used + weightOf(head) > value then',
    to: 'elseif used >= value then',
    specs: 'ioredis overtakes no heavy head',
  },
  {
    title: '7: a release grants nobody',
    file: script,
    from: '\npass()\n',
    to: '\n',
    specs: 'ioredis grants the head in the same script',
  },
  {
    title: '7: nobody is told by a message',
    file: script,
    from: "redis.pcall('PUBLISH'",
    to: "local _ = ('PUBLISH'",
    specs: 'ioredis takes one run of the script',
  },
  {
    title: '7: PUBLISH must be allowed',
    file: script,
    from: "redis.pcall('PUBLISH'",
    to: "redis.call('PUBLISH'",
    specs: 'ioredis does without messages where',
  },
  {
    title: '7: a process that hears again does not ask',
    file: ear,
    from: 'this.hearer.mayHaveMissed();',
    to: '',
    specs: 'ioredis does without messages that are lost',
  },
  {
    title: '7: a message of an earlier grant is believed',
    file: session,
    from: 'place.isOpen && token > place.waitsSince.token',
    to: 'place.isOpen',
    specs: 'ioredis believes no message of an earlier grant',
  },
  {
    title: '7: a message before the answer is forgotten',
    file: session,
    from: 'place.hint = token;',
    to: '',
    specs: 'ioredis believes a message that comes before',
  },
  {
    title: '8: nothing is renewed',
    file: script,
    from: 'hold(id, tokens[id])\n  reply',
    to: 'reply',
    specs: 'ioredis is renewed for as long as',
  },
  {
    title: '8: a beat does not ask for what is held',
    file: session,
    from: "namesAll ? 'all' : 'some'",
    to: "'some'",
    specs: 'ioredis is renewed for as long as',
  },
  {
    title: '8: each caller beats by itself',
    file: process_,
    from: 'if (known !== undefined) {',
    to: 'if (known === undefined && key === "") {',
    specs: 'ioredis costs one beat a poll|shares one beat',
  },
  {
    title: '9: a lease never ends',
    file: script,
    from: 'if tonumber(ending) > now then',
    to: 'if tonumber(ending) > 0 then',
    specs: 'ioredis loses what it held when its lease ends',
  },
  {
    title: '9: the dead have their turn',
    file: script,
    from: "if not redis.call('ZSCORE', alive, sessionOf(head)) then",
    to: 'if false then',
    specs: 'ioredis has no turn',
  },
  {
    title: '9: a process that was stopped does not enter anew',
    file: session,
    from: 'open: named.filter((place) => place.isOpen),',
    to: 'open: named.filter((place) => place.isOpen && place.waitsSince === undefined),',
    specs: 'ioredis enters anew at the end',
  },
  {
    title: '10: the clock of a process matters',
    file: session,
    from: 'const now = performance.now();\n    this.giveUp(now);',
    to: 'const now = Date.now() % 1e7;\n    this.giveUp(now);',
    specs: 'ioredis does not depend on the clock',
  },
  {
    title: '11: a grant by a message counts from the message',
    file: session,
    from: 'this.hold(place, token, place.waitsSince.sentAt)',
    to: 'this.hold(place, token, performance.now())',
    specs: 'ioredis counts from the last request',
  },
  {
    title: '11: a grant that has ended on its way is told',
    file: session,
    from: 'if (performance.now() >= deadline) {',
    to: 'if (deadline < 0) {',
    specs: 'ioredis hears of no grant that has ended',
  },
  {
    title: '11: the deadline has no margin, and ends with the lease of the server',
    file: lease,
    from: ' - (lease / 100 + 2)',
    to: ' + lease',
    specs: 'ioredis is lost at its deadline where the network',
  },
  {
    title: '12: only the timer tells of a loss',
    file: lease,
    from: 'if (!this.#isOver && performance.now() >= this.#deadline) {',
    to: 'if (!this.#isOver && performance.now() >= this.#deadline + 200) {',
    specs: 'ioredis knows in the next line',
  },
  {
    title: '12: a permit that the server does not know is not lost',
    file: session,
    from: "place.lose('the server does not know it any more');",
    to: '',
    specs: 'ioredis is lost when the server does not know',
  },
  {
    title: '12: a lost permit does not leave',
    file: lease,
    from: '  override lose(reason: LockLostError): void {\n    this.#end();',
    to: '  override lose(reason: LockLostError): void {',
    specs: 'ioredis (knows in the next line|has a timer)',
  },
  {
    title: '13: a token is a counter',
    file: script,
    from: 'last = math.max(last + 1, time[1] * 1000000 + time[2])',
    to: 'last = last + 1',
    specs: 'ioredis has a token that rises after the server has lost',
  },
  {
    title: '13: a token is a clock',
    file: script,
    from: 'last = math.max(last + 1, time[1] * 1000000 + time[2])',
    to: 'last = time[1] * 1000000 + time[2]',
    specs: 'ioredis has a token that rises where the clock',
  },
  {
    title: '13: keys are kept for ever',
    file: script,
    from: "for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 86400000) end",
    to: '',
    specs: 'ioredis has a token and all keys end',
  },
  {
    title: '14: a caller that leaves stays in the line',
    file: script,
    from: "    else\n      redis.call('ZREM', line, id)\n    end",
    to: '    end',
    specs: 'ioredis takes a caller out of the queue',
  },
  {
    title: '14: a request that is sent twice enters twice',
    file: script,
    from: "  elseif not redis.call('ZSCORE', line, id) then",
    to: '  else',
    specs: 'ioredis (serves the callers of several|costs one beat)',
  },
  {
    title: '14: an unknown grant is kept',
    file: session,
    from: 'if (!this.returned.has(label)) {',
    to: 'if (label === "") {',
    specs: 'ioredis gives back a grant that nobody here knows',
  },
  {
    title: '15: a release is sent once',
    file: session,
    from: 'returned: [...this.returned.keys()],\n    };',
    to: 'returned: [...this.returned.keys()],\n    };\n    this.returned.clear();',
    specs: 'node-redis commits a release at once',
  },
  {
    title: '16: the silence of an absent server makes dead',
    file: script,
    from: "    for _, session in ipairs(redis.call('ZRANGE', alive, 0, -1)) do\n      redis",
    to: '    for _, session in ipairs({}) do\n      redis',
    specs: 'ioredis leaves the waiters in their places',
  },
  {
    title: '16: only a restart tells of an absence',
    file: session,
    from: 'String(Math.round(time + clock))',
    to: 'String(Number.MAX_SAFE_INTEGER)',
    specs: 'ioredis leaves the waiters in their places if only',
  },
  {
    title: '16: patience is endless',
    file: session,
    from: 'if (now >= this.impatientAt) {',
    to: 'if (now < 0) {',
    specs: 'ioredis is borne by waiters for their patience',
  },
  {
    title: '16: a request has no time limit',
    file: patience,
    from: 'return Math.min(lease / 2, LONGEST_REQUEST);',
    to: 'return lease * 1e6 + LONGEST_REQUEST;',
    specs: 'ioredis fails a caller that must not wait with one request',
  },
  {
    title: '16: everything gets better by waiting',
    file: engine,
    from: '/^(NOPERM|NOAUTH|WRONGPASS|WRONGTYPE|ERR)\\b/.test(message)',
    to: 'message === ""',
    specs: 'ioredis is no reason to wait',
  },
  {
    title: '16: what an older server wraps does not get better',
    file: engine,
    from: 'READONLY|',
    to: '',
    specs: 'wraps the errors of scripts',
  },
  {
    title: '17: close() does not wait for the answer',
    file: served,
    from: 'if (this.closing !== undefined && this.places.size === 0) {',
    to: 'if (this.closing !== undefined) {',
    specs: 'ioredis for good, by close\\(\\) fails those who wait',
  },
  {
    title: '17: the ear is kept',
    file: acquirable,
    from: 'this.process.rest();',
    to: '',
    specs: 'node-redis for good, by close\\(\\) leaves nothing behind',
  },
  {
    title: '17: a caller that waits is not failed by close()',
    file: served,
    from: '.filter((place) => place.isOpen)',
    to: '.filter((place) => place.isOpen && place.isGone)',
    specs: 'ioredis for good, by close\\(\\) fails those who wait',
  },
  {
    title: '17: node-redis keeps a connection that was closed while it was made',
    file: ear,
    from: '} else {\n      end(copy);',
    to: '} else {',
    specs: 'loses no connection of node-redis',
  },
  {
    title: '18: names are not encoded',
    file: engine,
    from: 'name.replace(/[%{}]/g,',
    to: 'name.replace(/[^\\s\\S]/g,',
    specs: 'can have names with anything',
  },
  {
    title: '18: a forgotten script is an error',
    file: engine,
    from: '/^NOSCRIPT\\b/',
    to: '/^NO SCRIPT\\b/',
    specs: 'gives the script again',
  },
  {
    title: '18: a caller that is gone keeps its permit',
    file: place,
    from: 'if (this.isOpen) {\n      this.end();',
    to: 'if (this.isGone && this.isOpen && this.label === "") {\n      this.end();',
    specs: 'ioredis takes a caller out of the queue',
  },
];

const folder = 'dist/faults';
const chosen = [...redisFaults, ...postgresFaults].filter(({ title }) =>
  process.argv.slice(2).every((word) => title.includes(word)),
);
let [passed, failed] = [0, 0];
for (const { title, file, from, to, specs } of chosen) {
  rmSync(folder, { recursive: true, force: true });
  for (const path of ['lib', 'operators', 'marble-specs', 'package.json', 'tsconfig.json']) {
    cpSync(path, join(folder, path), { recursive: true });
  }
  const source = readFileSync(file, 'utf8');
  if (source.split(from).length !== 2) {
    throw new Error(`${file} does not have once what the fault "${title}" replaces`);
  }
  writeFileSync(
    join(folder, file),
    source.replace(from, () => to),
  );
  const jasmine = ['--import', 'tsx', '../../node_modules/jasmine/bin/jasmine.js', '--config=marble-specs/jasmine.servers.json'];
  const { stdout } = spawnSync(process.execPath, [...jasmine, `--filter=${specs}`], { cwd: folder, encoding: 'utf8' });
  const failures = Number(/(\d+) failures?/.exec(stdout)?.[1] ?? 0);
  const ran = Number(/^(?:Ran )?(\d+) (?:of|specs?)/m.exec(stdout)?.[1] ?? 0);
  console.log(`${failures > 0 ? 'found   ' : 'MISSED  '} ${title} (${String(failures)} of ${String(ran)})`);
  if (failures > 0) {
    passed++;
  } else {
    failed++;
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(`${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
