// Polars' totals and averages by product type: node averages.cjs averages MODE FILE ANSWER THREADS REPEAT
// MODE is parquet or memory; threads come from POLARS_MAX_THREADS. Prints one line of JSON; the answer is CSV: type,
// total amount, total value, by type.
"use strict";
const { createRequire } = require("node:module");
const fs = require("node:fs");
const path = require("node:path");
const modules = process.env.PEER_MODULES || __dirname;
const load = createRequire(path.resolve(modules, "package.json"));
const pl = load("nodejs-polars");

const [, , , mode, file, answer, , repeat] = process.argv;
const table = mode === "memory" ? pl.readParquet(file) : null;
const average = () =>
  (table ? table.lazy() : pl.scanParquet(file))
    .groupBy("type")
    .agg(pl.col("amount").sum(), pl.col("value").sum())
    .withColumns(pl.col("value").div(pl.col("amount")).alias("average"))
    .collectSync();
const runs = [];
let result;
for (let i = 0; i <= Number(repeat); i++) {
  const cpu = process.cpuUsage();
  const begun = process.hrtime.bigint();
  result = average();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const used = process.cpuUsage(cpu);
  if (i > 0) runs.push({ seconds, cpu_seconds: (used.user + used.system) / 1e6 });
}
const csv = result.select("type", "amount", "value").sort("type").writeCSV({ includeHeader: false });
fs.writeFileSync(answer, csv);
const version = load("nodejs-polars/package.json").version;
process.stdout.write(JSON.stringify({ engine: "Polars (nodejs-polars)", version, mode, runs, peak_bytes: process.resourceUsage().maxRSS * 1024 }) + "\n");
