// ClickHouse's totals and averages by product type: node averages.cjs averages MODE FILE ANSWER THREADS REPEAT
// MODE is parquet or memory. Prints one line of JSON; the answer is CSV: type, total amount, total value, by type.
"use strict";
const { createRequire } = require("node:module");
const fs = require("node:fs");
const path = require("node:path");
const modules = process.env.PEER_MODULES || __dirname;
const { Session } = createRequire(path.resolve(modules, "package.json"))("chdb");

const [, , , mode, file, answer, threads, repeat] = process.argv;
const session = new Session();
const run = (sql, format) => session.query(sql, format || "CSV");
run("CREATE DATABASE IF NOT EXISTS peer ENGINE = Atomic");
run(`SET max_threads = ${threads}`);
let from = `file('${file}', Parquet)`;
if (mode === "memory") {
  run(`CREATE TABLE peer.t ENGINE = Memory AS SELECT type, amount, value FROM ${from} SETTINGS max_threads = ${threads}`);
  from = "peer.t";
}
const query = `CREATE OR REPLACE TABLE peer.answer ENGINE = Memory AS
  SELECT type, sum(amount) AS amount, sum(value) AS value, value / amount AS average FROM ${from} GROUP BY type
  SETTINGS max_threads = ${threads}`;
const runs = [];
for (let i = 0; i <= Number(repeat); i++) {
  const cpu = process.cpuUsage();
  const begun = process.hrtime.bigint();
  run(query);
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const used = process.cpuUsage(cpu);
  if (i > 0) runs.push({ seconds, cpu_seconds: (used.user + used.system) / 1e6 });
}
fs.writeFileSync(answer, run("SELECT type, amount, value FROM peer.answer ORDER BY type"));
const version = run("SELECT version()", "TabSeparated").trim();
process.stdout.write(JSON.stringify({ engine: "ClickHouse (chdb)", version, mode, runs, peak_bytes: process.resourceUsage().maxRSS * 1024 }) + "\n");
session.close();
