-- Values of productions and resources, averages (§4), revision (§6).
CREATE TABLE production_values AS
SELECT p.production, p.workloads, p.consumed, p.transferred, p.workloads + p.consumed + p.transferred AS value, d.declared,
  CASE WHEN d.outputs = d.stated THEN d.declared - (p.workloads + p.consumed + p.transferred) END AS difference,
  CASE WHEN d.outputs IS NULL OR d.unvalued THEN p.workloads + p.consumed + p.transferred ELSE 0 END AS unassigned
FROM production_sums p LEFT JOIN (
  SELECT o.production, CAST(sum(o.declared) AS BIGINT) AS declared, count(*) AS outputs, count(o.declared) AS stated, bool_or(s.a IS NULL) AS unvalued
  FROM outputs o JOIN output_shares s USING (resource) GROUP BY o.production) d USING (production);
CREATE TABLE resource_values AS
SELECT r.resource, r.product_type, r.collective, r.common, r.amount, w.v AS value, r.amount - coalesce(d.q, 0) AS remaining_amount,
  w.v - floor_share(w.v, coalesce(d.q, 0), r.amount) AS remaining_value
FROM resources r LEFT JOIN worth w USING (resource) LEFT JOIN (SELECT resource, max(qa) AS q FROM draws GROUP BY resource) d USING (resource);
CREATE TABLE averages AS
WITH sums AS (
  SELECT s.label AS subsystem, r.product_type, sum(r.remaining_value) AS total_value, sum(r.remaining_amount) AS total_amount
  FROM resource_values r JOIN collectives c USING (collective) JOIN subsystems s USING (collective)
  WHERE c.c2i AND r.value IS NOT NULL GROUP BY s.label, r.product_type HAVING sum(r.remaining_amount) > 0
), quotients AS (SELECT *, total_value * 1000000 // total_amount AS q, total_value * 1000000 % total_amount AS rest FROM sums)
SELECT subsystem, product_type, total_value, total_amount,
  q + CASE WHEN 2 * rest > total_amount OR 2 * rest = total_amount AND q % 2 = 1 THEN 1 ELSE 0 END AS average FROM quotients;
CREATE TABLE write_off_values AS
SELECT w.write_off, w.t, w.collective, r.common, least(greatest(coalesce(w.value, s.share), 0), s.share) AS value
FROM write_offs w JOIN (
  SELECT d.id AS write_off, coalesce(floor_share(v.v, d.qa, d.a) - floor_share(v.v, d.qb, d.a), 0) AS share FROM draws d JOIN worth v USING (resource) WHERE d.rank = 3) s USING (write_off)
JOIN resources r USING (resource)
UNION ALL
SELECT write_off, t, collective, common, least(greatest(coalesce(declared, value - transferred), -over), value - transferred) FROM mop_values WHERE off;
CREATE TABLE revision AS
WITH a AS (SELECT s.label AS subsystem, sum(w.minutes) AS a, sum(w.minutes) FILTER (w.common) AS c FROM workloads w JOIN subsystems s USING (collective) WHERE w.t > {k1} AND w.t <= {k2} GROUP BY s.label),
  m AS (SELECT s.label AS subsystem, sum(v.theta_period) AS c FROM value_transfers v JOIN productions p USING (production) JOIN subsystems s USING (collective)
        WHERE v.common AND v.repurposed AND NOT v.mop_common GROUP BY s.label),
  o AS (SELECT s.label AS subsystem, sum(v.value) AS w FROM write_off_values v JOIN subsystems s USING (collective) WHERE v.t > {k1} AND v.t <= {k2} AND NOT v.common GROUP BY s.label),
  sums AS (SELECT subsystem, coalesce(a.a, 0) AS a, coalesce(a.c, 0) + coalesce(m.c, 0) AS c, coalesce(o.w, 0) AS w
           FROM (SELECT DISTINCT label AS subsystem FROM subsystems) LEFT JOIN a USING (subsystem) LEFT JOIN m USING (subsystem) LEFT JOIN o USING (subsystem))
SELECT *, least(c + w, a) AS numerator, greatest(c + w - a, 0) AS debt_out FROM sums;
