-- The export as at k2: {ledger}, {k1} and {k2} (µs since 1970) are put in by batch.go. Values, minutes and amounts are
-- held as millionths in 64 bits, products of two of them in 128.
-- The detour over a float is exact below 2⁵² millionths and ten times as fast as DuckDB's decimals; the comparison of the results
-- would show a difference.
CREATE MACRO micro(x) AS CAST(round(CAST(x AS DOUBLE) * 1e6) AS BIGINT);
-- A part q of a whole worth v of amount a: ⌊v·q/a⌋.
CREATE MACRO floor_share(v, q, a) AS CAST(CAST(v AS HUGEINT) * q // a AS BIGINT);
CREATE TABLE collectives AS SELECT collective, kind = 'c2i' AS c2i FROM '{ledger}/collectives.parquet';
CREATE TABLE trust AS SELECT a, b, epoch_us(since) AS since, epoch_us(until) AS until FROM '{ledger}/trust.parquet';
CREATE TABLE product_types AS SELECT product_type, common FROM '{ledger}/product_types.parquet';
CREATE TABLE elements AS SELECT element, micro(value) AS v, durability FROM '{ledger}/elements.parquet';
CREATE TABLE parts AS SELECT element, part FROM '{ledger}/element_parts.parquet';
CREATE TABLE mops AS SELECT mop, element, collective, epoch_us(commissioned) AS commissioned, common, resource, micro(amount) AS amount FROM '{ledger}/mops.parquet';
CREATE TABLE collectivizations AS SELECT resource, epoch_us(time) AS t, collective, product_type, micro(amount) AS amount FROM '{ledger}/collectivizations.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE recoveries AS SELECT resource, epoch_us(time) AS t, collective, product_type, micro(amount) AS amount FROM '{ledger}/recoveries.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE productions AS SELECT production, collective, common FROM '{ledger}/productions.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE workloads AS SELECT workload, epoch_us(time) AS t, production, collective, wallet, micro(minutes) AS minutes, common FROM '{ledger}/workloads.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE consumptions AS SELECT consumption, epoch_us(time) AS t, production, resource, micro(amount) AS amount FROM '{ledger}/consumptions.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE allocations AS SELECT allocation, production, mop, epoch_us(start) AS s, epoch_us("end") AS e, common, repurposed FROM '{ledger}/mop_allocations.parquet' WHERE epoch_us(start) <= {k2};
CREATE TABLE outputs AS SELECT resource, epoch_us(time) AS t, production, product_type, micro(amount) AS amount, micro(value) AS declared, common FROM '{ledger}/outputs.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE transfers AS SELECT transfer, epoch_us(time) AS t, resource, new_resource, "to" AS receiver, micro(amount) AS amount FROM '{ledger}/transfers.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE dispatches AS SELECT dispatch, epoch_us(time) AS t, resource, micro(amount) AS amount FROM '{ledger}/dispatches.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE write_offs AS SELECT write_off, epoch_us(time) AS t, collective, resource, mop, micro(amount) AS amount, micro(value) AS value FROM '{ledger}/write_offs.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE revisions AS SELECT revision, epoch_us(after) AS after, epoch_us(until) AS until, subsystem, tax_numerator AS n, tax_denominator AS m FROM '{ledger}/revisions.parquet' WHERE epoch_us(until) <= {k2};
CREATE TABLE claims AS SELECT claim, wallet, workload, revision FROM '{ledger}/coupon_claims.parquet' WHERE epoch_us(time) <= {k2};
CREATE TABLE appropriations AS SELECT appropriation, wallet, collective, micro(value) AS value FROM '{ledger}/appropriations.parquet' WHERE epoch_us(time) <= {k2};
